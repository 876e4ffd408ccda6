"""The checkout as a whole: what it must hold, and what must never be written into it."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.config import Core

ROOT = Path(__file__).parents[1]
HOSTS = [
    "".join(parts)
    for parts in (
        ("py", "pi.org"),
        ("python", "hosted.org"),
        ("registry.", "npmjs"),
        ("registry.", "yarnpkg"),
        ("deb.", "debian.org"),
        ("security.", "debian.org"),
        ("archive.", "ubuntu.com"),
        ("dl-cdn.", "alpinelinux"),
        ("crates", ".io"),
        ("ruby", "gems.org"),
        ("proxy.", "golang.org"),
        ("conda.", "anaconda.org"),
        ("docker", ".io/"),
    )
]
OWN_PATHS = re.compile(r"(?<![\w.$}~-])/(?:" + "ro" + "ot|wo" + r"rk|ho" + r"me/\w+|Us" + r"ers/\w+)/")
CODE = ("bot", "adapters")
LONGEST_FILE, LONGEST_FUNCTION = 300, 60
HOUSE_FILE, HOUSE_FUNCTION = 200, 25


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is kept, as git knows them."""
    try:
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    return tuple(path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Each kept text with its name."""
    for path in tracked():
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def lines_with(pattern: "re.Pattern[str]") -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts()
        if pattern.search(text)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


# ---- what must be there ----------------------------------------------------------------------------------------------


def test_everything_that_the_container_copies_is_there() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]]
    assert {"bot", "adapters", "decks", "requirements/run.txt", "config.example.toml"} <= set(copied)
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_what_the_container_copies_is_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert not {"bot", "adapters", "decks", "requirements", "README.md", "LICENSE"} & set(ignored)


def test_the_container_keeps_its_data_in_a_volume_and_starts_again() -> None:
    made = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["flashmob"]
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    (volume,) = [line.split()[1] for line in lines if line.startswith("VOLUME ")]
    kept = dict(mount.split(":")[1::-1] for mount in made["volumes"])
    assert volume == f"/data/{Core().data}"
    assert kept == {volume: "flashmob", "/data/config.toml": "./config.toml"}
    assert "/data/config.toml" in lines[-1]
    assert made["restart"] == "unless-stopped"


def test_every_folder_of_the_tests_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert len(folders) > 5
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_nothing_can_be_imported_through_the_journeys() -> None:
    assert (ROOT / "bot/journeys/__init__.py").read_bytes() == b""


# ---- what must not be there ------------------------------------------------------------------------------------------


def test_no_file_names_a_registry_of_packages() -> None:
    assert lines_with(re.compile("|".join(map(re.escape, HOSTS)))) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(OWN_PATHS) == []


@pytest.mark.parametrize("text", ["/ho" + "me/maya/notes", 'open("/ro' + 'ot/x")', "see /wo" + "rk/main"])
def test_a_path_of_one_machine_is_recognised(text: str) -> None:
    assert OWN_PATHS.search(text)


def test_no_secret_stands_in_a_file() -> None:
    tokens = re.compile(
        r"xox[abp]-\d{6,}|xapp-\d-[A-Z0-9]{8,}|[MN][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,}|-{5}BEGIN [A-Z ]*PRIVATE"
    )
    assert lines_with(tokens) == []


# ---- the size of things ----------------------------------------------------------------------------------------------


def modules() -> list[Path]:
    return sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py"))


def functions(path: Path) -> Iterator[tuple[int, str]]:
    """Each function of a file with its length in lines, from `def` to its end."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.end_lineno - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"


def worst(sizes: list[tuple[int, str]], most: int) -> str:
    """The largest of those over the house rule, for whoever has to mend it."""
    return "\n".join(f"{size:4} {name}" for size, name in sorted(sizes, reverse=True)[:10] if size > most)


def test_files_are_short() -> None:
    sizes = [(len(path.read_bytes().splitlines()), str(path.relative_to(ROOT))) for path in modules()]
    too_long = [name for size, name in sizes if size >= LONGEST_FILE]
    assert not too_long, f"split by concept; the longest over {HOUSE_FILE} lines are\n{worst(sizes, HOUSE_FILE)}"


def test_functions_are_short() -> None:
    sizes = [found for path in modules() for found in functions(path)]
    assert len(sizes) > 500
    too_long = [name for size, name in sizes if size >= LONGEST_FUNCTION]
    assert not too_long, f"take apart; the longest over {HOUSE_FUNCTION} lines are\n{worst(sizes, HOUSE_FUNCTION)}"
