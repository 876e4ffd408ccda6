"""The same Anki package, imported by Flashmob (`ours`) and by Anki's backend (`backend`), each in its own process."""
