"""Deck text and files become cards here: one reader a file, no reader imports another. Start at `reading.read_deck`."""
