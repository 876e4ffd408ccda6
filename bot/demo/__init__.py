"""A made-up study group, played through the real engine: what `flashmob demo` shows."""
