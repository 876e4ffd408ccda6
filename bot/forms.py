"""The forms that leads fill in: what each asks for, and what it asks of the core once it was filled in.

Rules of this file:
- a form's id is that of the button that opened it, so it keeps its meaning for ever (see `buttons.py`), and a form that
  was opened before a restart, or a month ago, is understood;
- nothing that comes back is trusted: what is missing stays as it is set, and every value is read as words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from . import actions, buttons
from .actions import Action, FormKind, OpenForm
from .labels import CHOICES, LABELS
from .messages import Field, FieldKind, Form
from .model import WEEKDAYS

Values = Mapping[str, Sequence[str]]
"""What was filled in, by the fields' names; nothing where a field was left empty."""

CHANNEL, NAME, DECK, FILE = "channel", "name", "deck", "file"
SET_UP = ("weekdays", "time", "zone")
SETTINGS = {
    FormKind.CHANGE: (NAME, *SET_UP),
    FormKind.POSTS: ("cards", "new", "style", "rating_input", "answers"),
}
"""What each form of a group that is there sets, in five fields at most; whatever else there is is set by words."""
TITLES = {FormKind.CHANGE: "Change name or times", FormKind.POSTS: "Change cards or style"}
LONGEST_NAME = 80
PASTED = "deck"


@dataclass(frozen=True, slots=True)
class File:
    """A file that was chosen in a form."""

    name: str
    data: bytes


def set_up(asked: OpenForm, channel: str, said: Mapping[str, str]) -> Form:
    """For a channel without a group. `said` are values in words, by the fields' names."""
    where = Field(CHANNEL, "Channel", FieldKind.CHANNEL, _values(channel), hint="Where the posts go")
    return _form(asked, "Set up Flashmob", (where, _named(said), *_schedule(said)), "Set up")


def change(asked: OpenForm, said: Mapping[str, str]) -> Form:
    """For a group that is there: what it is called, and when its posts come."""
    return _form(asked, TITLES[FormKind.CHANGE], (_named(said), *_schedule(said)), "Change")


def posts(asked: OpenForm, said: Mapping[str, str]) -> Form:
    """What its posts are like."""
    fields = (
        _line_of("cards", said, "A number from 1 to 20", most=4),
        _line_of("new", said, "How many of them may be new to the group", most=4),
        *(_one_of(name, said) for name in ("style", "rating_input", "answers")),
    )
    return _form(asked, TITLES[FormKind.POSTS], fields, "Change")


def _named(said: Mapping[str, str]) -> Field:
    return _line_of(NAME, said, "For example Rivers", most=LONGEST_NAME)


def _line_of(name: str, said: Mapping[str, str], hint: str, most: int = 0) -> Field:
    return Field(name, LABELS[name], values=_given(said, name), hint=hint, most=most)


def _one_of(name: str, said: Mapping[str, str]) -> Field:
    return Field(name, LABELS[name], FieldKind.ONE_OF, _given(said, name), tuple(CHOICES[name].items()))


def _schedule(said: Mapping[str, str]) -> tuple[Field, ...]:
    days = tuple((day, day.capitalize()) for day in WEEKDAYS)
    chosen = tuple(said.get("weekdays", "").replace(",", " ").split())
    return (
        Field("weekdays", LABELS["weekdays"], FieldKind.SOME_OF, tuple(day for day in WEEKDAYS if day in chosen), days),
        Field("time", LABELS["time"], FieldKind.TIME, _given(said, "time"), hint="For example 09:00"),
        _line_of("zone", said, "Region and city, for example Europe/Paris"),
    )


def paste(asked: OpenForm, said: Mapping[str, str]) -> Form:
    """A deck as text."""
    hint = "The same name again changes that deck"
    title = Field(NAME, "Name of the deck", values=_given(said, NAME), hint=hint, most=LONGEST_NAME)
    hint = "A question and its answer a line, with a tab between; or Q: and A:"
    text = Field(DECK, "Cards", FieldKind.LONG, _given(said, DECK), hint=hint)
    return _form(asked, "Paste a deck", (title, text), "Read it")


def upload(asked: OpenForm) -> Form:
    """A deck as a file."""
    file = Field(FILE, "Deck file", FieldKind.FILE, hint="Anki, CSV, text, Markdown and more, up to 10 MB")
    return _form(asked, "Upload a deck", (file,), "Read it")


def _form(asked: OpenForm, title: str, fields: tuple[Field, ...], submit: str) -> Form:
    return Form(buttons.write(replace(asked, again=False)), title, fields, submit)


def _given(said: Mapping[str, str], name: str) -> tuple[str, ...]:
    return _values(said.get(name, ""))


def _values(words: str) -> tuple[str, ...]:
    return (words,) if words else ()


# ---- what was filled in ----------------------------------------------------------------------------------------------


def read(form_id: str, values: Values, file: File | None = None) -> Action:
    """What a form that was filled in asks for. Never raises: what no form of ours has as its id is unknown."""
    asked = buttons.read(form_id)
    if not isinstance(asked, OpenForm):
        return actions.PressUnknown()
    match asked.which:
        case FormKind.SET_UP:
            return actions.SetUpGroup(_line(values, NAME), _settings(values, SET_UP))
        case FormKind.CHANGE | FormKind.POSTS:
            return actions.ChangeSettings(_settings(values, SETTINGS[asked.which]), asked.version, asked.cohort_id)
        case FormKind.PASTE:
            return _pasted(values, DECK, asked)
        case FormKind.UPLOAD if file is not None:
            return actions.ImportDeck(file.name, file.data, asked.cohort_id, FormKind.UPLOAD)
        case FormKind.UPLOAD:  # the platform drew a line of text, since it lacks files
            return _pasted(values, FILE, asked)


def channel(values: Values) -> str:
    """The channel that was chosen, which the platform makes the request's place; else empty: where it was opened."""
    return _line(values, CHANNEL)


def holds(settings: Iterable[tuple[str, str]], fields: Iterable[str]) -> bool:
    """Whether all of these settings could be filled in again in a form with these fields."""
    return {name for name, _ in settings} <= set(fields)


def that_holds(settings: Iterable[tuple[str, str]]) -> FormKind | None:
    """The form of a group that is there in which all of them could be filled in again, if there is one."""
    asked = tuple(settings)
    return next((kind for kind, fields in SETTINGS.items() if holds(asked, fields)), None)


def _settings(values: Values, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    said = ((name, " ".join(_line({name: [each]}, name) for each in values.get(name, ()))) for name in names)
    return tuple((name, words) for name, words in said if words)


def _pasted(values: Values, name: str, asked: OpenForm) -> actions.ImportDeck:
    """A pasted deck is known by the name that it was given, as a file is by its own."""
    file_name = f"{_line(values, NAME).replace('/', ' ') or PASTED}.txt"
    return actions.ImportDeck(file_name, _text(values, name).encode(), asked.cohort_id, FormKind.PASTE)


def to_fill_in_again(deck: actions.ImportDeck) -> dict[str, str]:
    """What was filled in of a pasted deck, by the names of the fields; of a file nothing can be filled in again."""
    if deck.form is not FormKind.PASTE:
        return {}
    return {NAME: deck.called, DECK: deck.data.decode()}


def _text(values: Values, name: str) -> str:
    return "\n".join(values.get(name, ())).encode("utf-8", "replace").decode()


def _line(values: Values, name: str) -> str:
    return " ".join(_text(values, name).split())
