"""Forms: what is filled in is read back into an action, and whatever else arrives is no form of ours."""

from dataclasses import fields
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import actions, buttons, forms, settings
from bot.actions import FormKind, OpenForm
from bot.data import starters
from bot.labels import CHOICES, LABELS
from bot.messages import FieldKind, Form
from bot.model import Settings

SAID = {
    "weekdays": "monday, friday",
    "time": "09:00",
    "zone": "Europe/Paris",
    "cards": "5",
    "new": "2",
    "style": "digest",
}
EVERY = (
    forms.set_up(OpenForm(FormKind.SET_UP), "general", SAID),
    forms.change(OpenForm(FormKind.CHANGE, (1 << 63) - 1, 10_000, again=True), SAID),
    forms.posts(OpenForm(FormKind.POSTS, (1 << 63) - 1, 10_000), SAID),
    forms.paste(OpenForm(FormKind.PASTE, 7), {}),
    forms.upload(OpenForm(FormKind.UPLOAD, 7)),
)


@pytest.mark.parametrize("form", EVERY, ids=lambda form: form.title)
def test_a_form_fits_every_platform(form: Form) -> None:
    """Discord takes five fields with labels of 45 characters and hints of 100, Slack titles and buttons of 24."""
    assert 1 <= len(form.fields) <= 5
    assert max(len(form.title), len(form.submit)) <= 24
    assert len(form.id) <= 64
    for field in form.fields:
        assert 1 <= len(field.label) <= 45
        assert len(field.hint) <= 100
        assert (field.kind in (FieldKind.ONE_OF, FieldKind.SOME_OF)) == bool(field.options)
        assert len(field.options) <= 10
    assert len({field.name for field in form.fields}) == len(form.fields)


@pytest.mark.parametrize("form", EVERY, ids=lambda form: form.title)
def test_the_id_of_a_form_is_that_of_a_button_that_opens_it(form: Form) -> None:
    opened = buttons.read(form.id)
    assert isinstance(opened, OpenForm)
    assert not opened.again


def test_what_was_filled_in_is_asked_for() -> None:
    set_up, change, posts, paste, upload = EVERY
    filled = {name: tuple(words.split(", ")) for name, words in SAID.items()}
    schedule = (("weekdays", "monday friday"), ("time", "09:00"), ("zone", "Europe/Paris"))
    named = {**filled, "name": (" Rivers \n of Europe",), "channel": ("C1",)}
    assert forms.read(set_up.id, named) == actions.SetUpGroup("Rivers of Europe", schedule)
    assert forms.channel(named) == "C1"
    changed = actions.ChangeSettings((("name", "Rivers of Europe"), *schedule), 10_000, (1 << 63) - 1)
    assert forms.read(change.id, named) == changed
    asked = actions.ChangeSettings((("cards", "5"), ("new", "2"), ("style", "digest")), 10_000, (1 << 63) - 1)
    assert forms.read(posts.id, filled) == asked
    text = {"name": ("Birds/Bees",), "deck": ("a\tb\nc\td",)}
    assert forms.read(paste.id, text) == actions.ImportDeck("Birds Bees.txt", b"a\tb\nc\td", 7, FormKind.PASTE)
    assert forms.read(upload.id, {}, forms.File("x.apkg", b"PK")) == actions.ImportDeck(
        "x.apkg", b"PK", 7, FormKind.UPLOAD
    )


def test_what_is_left_empty_stays_as_it_is_set() -> None:
    assert forms.read(EVERY[0].id, {}) == actions.SetUpGroup("", ())
    assert forms.read(EVERY[1].id, {"time": ("",), "cards": ()}) == actions.ChangeSettings((), 10_000, (1 << 63) - 1)
    assert forms.channel({}) == ""


@pytest.mark.parametrize("form_id", ["", "f0:form:setup:0:0:0", "f1:form:setup", "f1:form:letter:0:0:0", "f1:study:1"])
def test_a_form_of_another_version_is_unknown(form_id: str) -> None:
    assert forms.read(form_id, {"name": ("Rivers",)}) == actions.PressUnknown()


@given(st.sampled_from(EVERY), st.data())
def test_whatever_is_filled_in_is_read_as_something(form: Form, data: st.DataObject) -> None:
    names = st.sampled_from([*(field.name for field in form.fields), "other"])
    values = data.draw(st.dictionaries(names, st.lists(st.text(), max_size=3)))
    assert not isinstance(forms.read(form.id, values), actions.PressUnknown)


def test_every_setting_of_a_form_is_one_that_can_be_set() -> None:
    for form, kind in zip(EVERY[1:3], forms.SETTINGS, strict=True):
        assert [field.name for field in form.fields] == list(forms.SETTINGS[kind])
        assert set(forms.SETTINGS[kind]) <= set(settings.READERS)
        assert form.title == forms.TITLES[kind]
    posts = {field.name: field for field in EVERY[2].fields}
    assert str(settings.MOST_CARDS) in posts["cards"].hint
    assert {name for name, field in posts.items() if field.options} == {"style", "rating_input", "answers"}


def test_every_setting_and_every_choice_of_one_has_its_words() -> None:
    usual = {name: value for name, value in vars_of(Settings()) if isinstance(value, StrEnum)}
    assert set(LABELS) == set(settings.READERS)
    assert set(CHOICES) == set(usual)
    assert all(set(CHOICES[name]) == set(type(value)) for name, value in usual.items())


def vars_of(made: Settings) -> list[tuple[str, object]]:
    return [(field.name, getattr(made, field.name)) for field in fields(made)]


def test_every_deck_of_ours_can_stand_behind_a_button() -> None:
    assert len(starters()) >= 2
    for each in starters():
        asked = actions.ImportStarter(each.key, (1 << 63) - 1)
        assert buttons.read(buttons.write(asked)) == asked
