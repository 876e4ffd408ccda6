"""For tests of Flashmob and of adapters that others write: a small group on a real app, and what every adapter must do."""
