"""What can go wrong, said to a person: the docstring of each error is its sentence unless a better one is given."""


class QuizError(Exception):
    """Something was asked that cannot be done."""

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        """`sentence` says what happened; `hint` says what to do next."""
        self.sentence = sentence or " ".join((type(self).__doc__ or "").split())
        self.hint = hint
        super().__init__(" ".join(part for part in (self.sentence, hint) if part))


class ConfigError(QuizError):
    """The configuration cannot be used."""


class DeckError(QuizError):
    """This file cannot be read as a deck."""


class NotSetUp(QuizError):
    """No deck here yet. Someone who leads this group can add one."""


class InNoGroup(NotSetUp):
    """You are in no group of mine yet. Press Study under a group's post, or learn by yourself. Nothing was changed."""


class CardGone(QuizError):
    """That card is no longer here. Nothing was changed. Type /quiz to go on."""


class ImportGone(QuizError):
    """That import is no longer here: it was cancelled, or has waited for over a day. Nothing was changed. Send the file
    again to start anew."""


class NotYours(QuizError):
    """That card belongs to someone else's session. Nothing was changed. Press Study or type /quiz to start your own."""


class AnswerFirst(QuizError):
    """Look at the answer first: press Show answer, then say how well you knew it. Nothing was saved."""


class ChangedMeanwhile(QuizError):
    """Somebody else has changed this group meanwhile, so your change was not made. Look again, then change it."""


class NotForYou(QuizError):
    """Only someone who leads this group can do that. Nothing was changed."""


class StoreError(QuizError):
    """The database could not do it. Nothing was saved."""


class Busy(StoreError):
    """The database is busy, so nothing was saved. Press again in a moment; twice is harmless."""


class NotSaved(StoreError):
    """That could not be saved, so nothing has changed. Press again; twice is harmless."""


class DiskFull(NotSaved):
    """There is no room left to save that, so nothing has changed. Tell whoever runs Flashmob, then press again."""


class Stopping(StoreError):
    """Flashmob is stopping, so nothing was saved. Press again in a minute; twice is harmless."""


class DatabaseUnusable(StoreError):
    """The database cannot be opened."""


class DatabaseTooNew(DatabaseUnusable):
    """The database was written by a newer Flashmob."""
