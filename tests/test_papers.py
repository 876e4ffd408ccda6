"""The papers speak of what is there: files, targets, settings, words and examples."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands import COMMANDS
from bot.config import parse
from bot.formats.problems import is_error
from bot.formats.reading import read_deck

ROOT = Path(__file__).parent.parent
PAPERS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(ROOT.glob("docs/*.md"))
MADE_BY_PEOPLE = {"config.toml"}

_FENCED = re.compile(r"^(?P<fence>`{3,})(?P<language>\w*)\n(?P<text>.*?)^(?P=fence)$", re.M | re.S)
_SPAN = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"[\w.-]+(?:/[\w.*-]*)+|[\w-]+\.(?:py|sql|toml)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")

paper = pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)


def fenced(paper: Path, language: str = "") -> list[str]:
    found = _FENCED.finditer(paper.read_text("utf-8"))
    return [block["text"] for block in found if language in ("", block["language"])]


def spans(paper: Path) -> list[str]:
    return _SPAN.findall(_FENCED.sub("", paper.read_text("utf-8")))


@paper
def test_every_file_that_a_paper_names_is_there(paper: Path) -> None:
    named = [span for span in spans(paper) if _PATH.fullmatch(span)]
    assert [path for path in named if path not in MADE_BY_PEOPLE and not any(ROOT.glob(path))] == []


def targets_there() -> set[str]:
    return set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.M))


def targets_said(paper: Path) -> set[str]:
    return set(re.findall(r"^make (\w+)", "\n".join([*spans(paper), *fenced(paper)]), re.M))


@paper
def test_every_target_that_a_paper_names_is_in_the_makefile(paper: Path) -> None:
    assert targets_said(paper) - targets_there() == set()


def test_every_target_of_the_makefile_is_named_where_people_look() -> None:
    said = targets_said(ROOT / "README.md") | targets_said(ROOT / "CONTRIBUTING.md")
    assert targets_there() - said == set()


@paper
def test_every_relative_link_leads_somewhere(paper: Path) -> None:
    links = [
        link.partition("#")[0] for link in _LINK.findall(_FENCED.sub("", paper.read_text("utf-8"))) if "://" not in link
    ]
    assert [link for link in links if not (paper.parent / link).exists()] == []


def glossary() -> Iterator[str]:
    for line in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines():
        cell = line.split("|")[1].strip() if line.startswith("| ") else "word"
        yield from (word for word in cell.split(", ") if word != "word")


def test_every_word_of_the_glossary_is_in_the_code() -> None:
    files = [
        path for folder in ("bot", "adapters") for kind in ("py", "sql") for path in ROOT.glob(f"{folder}/**/*.{kind}")
    ]
    code = "\n".join(path.read_text("utf-8") for path in files)
    words = list(glossary())
    missing = [word for word in words if not re.search(rf"\b_?{re.sub('[ -]', '[ _-]?', word)}", code, re.IGNORECASE)]
    assert (len(words) > 50, missing) == (True, [])


def test_no_word_stands_in_the_glossary_twice() -> None:
    words = list(glossary())
    assert sorted(words) == sorted(set(words))


def settings(text: str) -> set[tuple[str, str]]:
    """Each setting with its section."""
    found = tomllib.loads(text)
    sections = {name: value if isinstance(value, list) else [value] for name, value in found.items()}
    return {(name, key) for name, several in sections.items() for section in several for key in section}


def test_every_setting_that_the_readme_shows_is_in_the_example() -> None:
    example = settings((ROOT / "config.example.toml").read_text("utf-8"))
    blocks = fenced(ROOT / "README.md", "toml")
    assert [wrong for block in blocks if (wrong := settings(block) - example)] == []
    assert [cohort.name for block in blocks for cohort in parse(block, ROOT).cohorts] == ["Rivers"]


def test_the_readme_lists_every_slash_command() -> None:
    said = [span.replace("\\|", "|") for span in spans(ROOT / "README.md")]
    assert [command.usage for command in COMMANDS if command.usage not in said] == []


def test_the_readme_lists_every_command_of_the_terminal() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in ROOT.glob("bot/cli*.py"))
    names = set(re.findall(r'\.add_parser\(\s*"(\w+)"', sources))
    said = {word for span in spans(ROOT / "README.md") for word in span.split()}
    assert (len(names) > 10, names - said) == (True, set())


@paper
def test_every_deck_in_a_paper_can_be_read(paper: Path) -> None:
    for text in [*fenced(paper, "markdown"), *fenced(paper, "csv")]:
        deck = read_deck(text.encode(), "example.deck.md")
        assert [problem for problem in deck.problems if is_error(problem)] == []
