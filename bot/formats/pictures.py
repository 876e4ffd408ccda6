"""Pictures in card text: Markdown images with a plain file name. Those on the web are never fetched: they are links."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from bot.model import Card

from .html.pictures import file_name, is_remote, target

_IMAGE = re.compile(
    r"!\[(?P<alt>[^\[\]\n]{0,1000})\]"
    r"\((?:<(?P<spaced>[^<>\n]{1,1000})>|(?P<target>[^()<>\s]{1,1000}))(?: \"[^\"\n]{0,300}\")?\)"
)
_EMBED = re.compile(r"!\[\[(?P<target>[^\[\]|\n]{1,300})(?:\|[^\[\]\n]{0,300})?\]\]")


Rename = Callable[[str, str], tuple[str, str] | None]
"""Of a picture's description and the name of its file: the new description and target. None leaves it as it is."""


@dataclass(frozen=True, slots=True)
class Pictured:
    """A card with its pictures seen to. `remote` counts those that became links; `missing` names those not at hand."""

    card: Card
    remote: int
    missing: tuple[str, ...]


def texts_of(card: Card) -> tuple[str, ...]:
    """Every text of a card in which a picture may stand."""
    return (card.prompt, card.answer, card.why, card.cloze, *[choice.text for choice in card.choices])


def see_to_pictures(card: Card, held: Collection[str]) -> Pictured:
    """Make links of pictures on the web, and find those that are not among the names `held`."""
    if not may_show(card):
        return Pictured(card, 0, ())
    texts = texts_of(card)
    choices = tuple(replace(choice, text=_linked(choice.text)) for choice in card.choices)
    changed = replace(
        card,
        prompt=_linked(card.prompt),
        answer=_linked(card.answer),
        why=_linked(card.why),
        cloze=_linked(card.cloze),
        choices=choices,
    )
    sources = dict.fromkeys(source for text in texts for source in _sources(text))
    remote = sum(1 for source in sources if is_remote(source))
    names = dict.fromkeys(file_name(source, held) for source in sources if not is_remote(source))
    return Pictured(changed, remote, tuple(name for name in names if name not in held))


def may_show(card: Card) -> bool:
    """Whether a closer look is worth it: most cards show no picture, which is seen at once."""
    if "![" in card.prompt or "![" in card.answer or "![" in card.why or "![" in card.cloze:
        return True
    return bool(card.choices) and any("![" in choice.text for choice in card.choices)


def with_pictures(card: Card, in_question: Rename, in_answer: Rename) -> Card:
    """The card with other descriptions and targets of its pictures; an empty target stays as it was."""
    choices = tuple(replace(choice, text=_renamed(choice.text, in_question)) for choice in card.choices)
    return replace(
        card,
        prompt=_renamed(card.prompt, in_question),
        answer=_renamed(card.answer, in_answer),
        why=_renamed(card.why, in_answer),
        cloze=_renamed(card.cloze, in_answer),
        choices=choices,
    )


def file_of(source: str) -> str:
    """The name of the file that a target means."""
    return file_name(source, ())


def names_in(text: str) -> list[str]:
    """The names of the files that look like the pictures of a text."""
    sources = _sources(text) if "![" in text else ()
    return [file_of(source) for source in sources if not is_remote(source)]


def without_pictures(text: str) -> str:
    return _IMAGE.sub(" ", text) if "![" in text else text


def plain_embeds(text: str) -> str:
    """`![[river.png|200]]`, as Obsidian writes it, as a Markdown image."""
    return _EMBED.sub(lambda found: image(found["target"].strip()), text)


def image(name: str, alt: str = "") -> str:
    """A Markdown image of a file with this name."""
    return f"![{alt}]({target(name)})"


def _sources(text: str) -> Iterator[str]:
    return (_source(found) for found in _IMAGE.finditer(text))


def _source(found: re.Match[str]) -> str:
    return found["target"] or found["spaced"]


def _linked(text: str) -> str:
    return _IMAGE.sub(_link, text) if "![" in text else text


def _link(found: re.Match[str]) -> str:
    source = _source(found)
    if not is_remote(source):
        return found[0]
    if source.lower().startswith("data:"):
        return found["alt"] or "picture"
    return f"[{found['alt'] or 'picture'}]({source})"


def _renamed(text: str, rename: Rename) -> str:
    return _IMAGE.sub(lambda found: _anew(found, rename), text) if "![" in text else text


def _anew(found: re.Match[str], rename: Rename) -> str:
    source = _source(found)
    made = None if is_remote(source) else rename(found["alt"], file_of(source))
    if made is None:
        return found[0]
    alt, target = made
    return f"![{alt}]({target or found['target'] or f'<{source}>'})"


def pictures_of(cards: Iterable[Card]) -> tuple[str, ...]:
    """The names of all pictures that cards show, without those on the web."""
    shown = (name for card in cards if may_show(card) for text in texts_of(card) for name in names_in(text))
    return tuple(dict.fromkeys(shown))
