"""Anki's three ways out: packages (`package`), text exports (`text`) and CrowdAnki's JSON (`crowdanki`).

Each of these reads its file into the nouns of `notes`; `cards` makes cards of them with the note types' templates. What
is personal stays behind: scheduling, review history, suspended cards and flags are never read.
"""
