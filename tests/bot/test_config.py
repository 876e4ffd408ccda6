"""The configuration file: a sentence names the setting that is wrong, and the example tells the truth."""

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.local.settings import LocalSettings
from bot.app import open_app
from bot.config import CohortConfig, Config, Core, load
from bot.data import data_file
from bot.errors import ConfigError
from bot.model import Place

GROUP = '[[cohort]]\nname = "Rivers"\nchannel = "flashcards"\n'
OTHER = '[[cohort]]\nname = "Lakes"\nchannel = "lakes"\n'
EXAMPLE = data_file("config.example.toml")


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "config.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refused(folder: Path, text: str | bytes) -> str:
    """The sentence that says why, without the file's name, which it must begin with."""
    path = write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    said = str(caught.value)
    assert said.startswith(f"{path}: ")
    return said.removeprefix(f"{path}: ")


# ---- what is wrong is named ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[flashmob]\ndata = 3", "[flashmob]: `data` must be text in quotes, not a whole number."),
        ("[flashmob]\ntick_seconds = 0", "[flashmob]: `tick_seconds` is 0. It may be anything above 0 and up to 3600."),
        ("[flashmob]\ntick_seconds = nan", "[flashmob]: `tick_seconds` is nan."),
        ('[flashmob]\ntick_seconds = "x"', "[flashmob]: `tick_seconds` must be a number, not text in quotes."),
        ("[flashmob]\ntik_seconds = 3", "[flashmob]: there is no setting `tik_seconds`. Did you mean `tick_seconds`?"),
        ("[flashmob]\nxyz = 3", "[flashmob]: there is no setting `xyz`. There are: data, tick_seconds."),
        ("flashmob = 3", "[flashmob]: it must be a section, not a whole number."),
        (f"{GROUP}cards = true", "[[cohort]] number 1 (Rivers): `cards` must be a whole number, not true or false."),
        (f"{GROUP}cards = 2.5", "[[cohort]] number 1 (Rivers): `cards` must be a whole number, not a number."),
        (f"{GROUP}cards = 0", "[[cohort]] number 1 (Rivers): `cards` is 0. A post has 1 to 20 cards."),
        (f"{GROUP}cards = 21", "[[cohort]] number 1 (Rivers): `cards` is 21. A post has 1 to 20 cards."),
        (f"{GROUP}new = 6", "[[cohort]] number 1 (Rivers): `new` is 6. It may be 0 to 5, the number of cards."),
        (f"{GROUP}new = -1", "[[cohort]] number 1 (Rivers): `new` is -1. It may be 0 to 5, the number of cards."),
        (f"{GROUP}crads = 1", "[[cohort]] number 1 (Rivers): there is no setting `crads`. Did you mean `cards`?"),
        (f'{GROUP}decks = "x"', "[[cohort]] number 1 (Rivers): `decks` must be a list, not text in quotes."),
        (f"{GROUP}weekdays = [1]", "[[cohort]] number 1 (Rivers): `weekdays` must be text in quotes, not a wh"),
        (f"{GROUP}weekdays = []", "[[cohort]] number 1 (Rivers): `weekdays` is empty."),
        (f'{GROUP}weekdays = ["moonday"]', "[[cohort]] number 1 (Rivers): `weekdays`: `moonday` is no weekday."),
        (f'{GROUP}zone = "Mars/Base"', '[[cohort]] number 1 (Rivers): `zone`: "Mars/Base" is not a time zone.'),
        (f'{GROUP}time = "25:00"', '[[cohort]] number 1 (Rivers): `time`: "25:00" is not a time of day. Write hours'),
        (f"{GROUP}time = 09:00:00", "[[cohort]] number 1 (Rivers): `time` must be text in quotes, not time."),
        (f'{GROUP}style = "x"', "[[cohort]] number 1 (Rivers): `style` must be \"digest\" or \"cards\", not 'x'."),
        (f'{GROUP}rating_input = "reactions"', '[[cohort]] number 1 (Rivers): `rating_input` is "reactions", and a'),
        (f'{GROUP}{OTHER}time = "9"', '[[cohort]] number 2 (Lakes): `time`: "9" is not a time of day.'),
        (f"{GROUP}{GROUP}", '[[cohort]] number 2 (Rivers): `name` is "Rivers", as in a group above.'),
        (f"{GROUP}{OTHER.replace('lakes', 'flashcards')}", "[[cohort]] number 2 (Lakes): `channel` is \"flashcards\""),
        (f'{GROUP}[[cohort.also]]\nchannel = "flashcards"', '[[cohort]] number 1 (Rivers): `channel` is "flashcards"'),
        (f'{GROUP}also = [{{ channel = "lakes" }}]\n{OTHER}', '[[cohort]] number 2 (Lakes): `channel` is "lakes"'),
        (f'{GROUP}also = [{{ chanel = "x" }}]', "[[cohort]] number 1 (Rivers): `also`: object "),
        ('[[cohort]]\nname = "Rivers"', "[[cohort]] number 1 (Rivers): `channel` is missing."),
        ('[[cohort]]\nchannel = "x"', "[[cohort]] number 1: `name` is missing."),
        ("cohort = [3]", "[[cohort]] number 1: it must be a section, not a whole number."),
        (GROUP.replace("[[cohort]]", "[cohort]"), "[cohort] is one group of several. Write [[cohort]], in"),
        ("[locl]\nport = 3", "[locl] is no section that says `enabled = true` or `enabled = false`."),
        ('[local]\nenabled = "yes"', "[local] is no section that says `enabled = true` or `enabled = false`."),
        ("port = 3", "[port] is no section that says `enabled = true` or `enabled = false`."),
        ("a = = b", "this is not TOML: Invalid value (at line 1, column 5)."),
        (b"a = '\xff'", "this is not UTF-8 text. Save it as UTF-8."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_setting(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    assert refused(tmp_path, text).startswith(sentence)


def test_a_missing_file_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no such file\. Copy config\.example\.toml to it"):
        load(tmp_path / "config.toml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="it cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ({"prot": 1}, "[local]: there is no setting `prot`. Did you mean `port`?"),
        ({"port": "high"}, "[local]: `port` must be a whole number, not text in quotes."),
        ({"port": 65536}, "[local]: `port` is 65536. It may be 0 (any free one) to 65535."),
        ({"zone": "Mars/Base"}, '[local]: there is no time zone "Mars/Base".'),
    ],
)
async def test_a_wrong_setting_of_a_platform_is_named(tmp_path: Path, section: dict[str, Any], sentence: str) -> None:
    config = Config(Core(), (), {"local": {"enabled": True, **section}}, tmp_path)
    with pytest.raises(ConfigError) as caught:
        async with open_app(config):
            pass
    assert str(caught.value).startswith(sentence)


async def test_an_unknown_platform_is_named_beside_those_that_are_installed(tmp_path: Path) -> None:
    config = load(write(tmp_path, "[irc]\nenabled = true"))
    with pytest.raises(ConfigError, match=r"There is no adapter for `irc`\. Installed are: .*local"):
        async with open_app(config):
            pass


# ---- what is right ---------------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert load(write(tmp_path, f"\ufeff{GROUP}")).cohorts[0].name == "Rivers"


def test_an_empty_file_enables_nothing(tmp_path: Path) -> None:
    config = load(write(tmp_path, ""))
    assert (config.enabled(), config.cohorts, config.core) == ({}, (), Core())


def test_a_platform_that_is_not_enabled_is_left_out(tmp_path: Path) -> None:
    config = load(write(tmp_path, "[local]\nenabled = true\nport = 1\n[irc]\nenabled = false\nport = 2"))
    assert config.enabled() == {"local": {"port": 1}}


def test_a_group_may_have_places_on_several_platforms(tmp_path: Path) -> None:
    text = f'{GROUP}[[cohort.also]]\nplatform = "slack"\nworkspace = "T1"\nchannel = "C1"\n{OTHER}'
    first, second = load(write(tmp_path, text)).cohorts
    assert first.places == (Place("local", "local", "flashcards"), Place("slack", "T1", "C1"))
    assert second.places == (Place("local", "local", "lakes"),)


def test_paths_count_from_the_file(tmp_path: Path) -> None:
    config = load(write(tmp_path, '[flashmob]\ndata = "kept"'))
    assert config.database == tmp_path / "kept" / "flashmob.db"


# ---- the example -----------------------------------------------------------------------------------------------------


def examples() -> dict[str, dict[str, Any]]:
    """The sections of the example, the group's among them."""
    found = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    (found["cohort"],) = found["cohort"]
    return found


def defaults(kind: type[Any]) -> dict[str, Any]:
    """Every setting with its default as TOML would hold it; None where there is none."""
    if dataclasses.is_dataclass(kind):
        kept = {field.name: field.default for field in dataclasses.fields(kind)}
    else:
        kept = {field.name: field.default for field in msgspec.structs.fields(kind)}
    none = (dataclasses.MISSING, msgspec.NODEFAULT)
    return {name: None if value in none else as_toml(value) for name, value in kept.items()}


def as_toml(value: object) -> object:
    return msgspec.json.decode(msgspec.json.encode(value))


def said_to_be_examples(section: str) -> set[str]:
    """The settings of a section whose comment says that what stands there is an example."""
    blocks = re.split(r"^\[+", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (lines,) = (block.splitlines() for block in blocks if block.startswith(f"{section}]"))
    return {line.split(" =")[0] for line in lines if "# example: " in line}


@pytest.mark.parametrize(("section", "kind"), [("flashmob", Core), ("local", LocalSettings), ("cohort", CohortConfig)])
def test_the_example_holds_every_setting_with_its_default(section: str, kind: type[Any]) -> None:
    shown = examples()[section]
    shown.pop("enabled", None)
    expected = defaults(kind)
    assert set(shown) == set(expected)
    different = {name for name in shown if shown[name] != expected[name]}
    assert different == said_to_be_examples(section)


def test_every_line_of_the_example_says_why() -> None:
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if " = " in line]
    assert len(lines) > 20
    assert [line for line in lines if "#" not in line] == []


async def test_the_example_runs_as_it_stands(tmp_path: Path) -> None:
    config = load(write(tmp_path, EXAMPLE.read_bytes()))
    async with open_app(config) as app:
        assert list(app.adapters) == ["local"]
        assert app.adapters["local"].transcript() == ""  # type: ignore[attr-defined]
