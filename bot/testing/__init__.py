"""For tests, of other people's adapters too: a small group on a real app, and what every adapter must do."""
