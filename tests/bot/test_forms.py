"""Forms: what is filled in is read back into an action, and whatever else arrives is no form of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import actions, buttons, forms, settings
from bot.actions import FormKind, OpenForm
from bot.data import starters
from bot.messages import FieldKind, Form
from bot.model import Settings

SAID = {"weekdays": "monday, friday", "time": "09:00", "zone": "Europe/Paris", "cards": "5", "style": "digest"}
EVERY = (
    forms.set_up(OpenForm(FormKind.SET_UP), "general", SAID),
    forms.change(OpenForm(FormKind.CHANGE, (1 << 63) - 1, 10_000, again=True), SAID),
    forms.paste(OpenForm(FormKind.PASTE, 7)),
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
    set_up, change, paste, upload = EVERY
    filled = {name: tuple(words.split(", ")) for name, words in SAID.items()}
    schedule = (("weekdays", "monday friday"), ("time", "09:00"), ("zone", "Europe/Paris"))
    named = {**filled, "name": (" Rivers \n of Europe",), "channel": ("C1",)}
    assert forms.read(set_up.id, named) == actions.SetUpGroup("Rivers of Europe", schedule)
    assert forms.channel(named) == "C1"
    changed = actions.ChangeSettings((*schedule, ("cards", "5"), ("style", "digest")), 10_000, (1 << 63) - 1)
    assert forms.read(change.id, filled) == changed
    text = {"name": ("Birds/Bees",), "deck": ("a\tb\nc\td",)}
    assert forms.read(paste.id, text) == actions.ImportDeck("Birds Bees.txt", b"a\tb\nc\td", 7)
    assert forms.read(upload.id, {}, forms.File("x.apkg", b"PK")) == actions.ImportDeck("x.apkg", b"PK", 7)


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
    assert set(forms.CHANGE) <= set(settings.READERS)
    assert {field.name for field in EVERY[1].fields} == set(forms.CHANGE)
    assert str(settings.MOST_CARDS) in next(field.hint for field in EVERY[1].fields if field.name == "cards")
    styles = next(field.options for field in EVERY[1].fields if field.name == "style")
    assert Settings().style in dict(styles)


def test_every_deck_of_ours_can_stand_behind_a_button() -> None:
    assert len(starters()) >= 2
    for each in starters():
        asked = actions.ImportStarter(each.key, (1 << 63) - 1)
        assert buttons.read(buttons.write(asked)) == asked
