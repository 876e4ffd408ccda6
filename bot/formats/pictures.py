"""Pictures in card text: Markdown images with a plain file name. Those on the web are never fetched: they are links."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from bot.model import Card

_IMAGE = re.compile(
    r"!\[(?P<alt>[^\[\]\n]{0,1000})\]"
    r"\((?:<(?P<spaced>[^<>\n]{1,1000})>|(?P<target>[^()<>\s]{1,1000}))(?: \"[^\"\n]{0,300}\")?\)"
)
_EMBED = re.compile(r"!\[\[(?P<target>[^\[\]|\n]{1,300})(?:\|[^\[\]\n]{0,300})?\]\]")
_REMOTE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|data:", re.I)


@dataclass(frozen=True, slots=True)
class Pictured:
    """A card with its pictures seen to. `remote` counts those that became links; `missing` names those not at hand."""

    card: Card
    remote: int
    missing: tuple[str, ...]


def see_to_pictures(card: Card, held: Collection[str]) -> Pictured:
    """Make links of pictures on the web, and find those that are not among the names `held`."""
    texts = (card.prompt, card.answer, card.why, card.cloze, *(choice.text for choice in card.choices))
    if not any("![" in text for text in texts):
        return Pictured(card, 0, ())
    choices = tuple(replace(choice, text=_linked(choice.text)) for choice in card.choices)
    changed = replace(
        card,
        prompt=_linked(card.prompt),
        answer=_linked(card.answer),
        why=_linked(card.why),
        cloze=_linked(card.cloze),
        choices=choices,
    )
    targets = dict.fromkeys(target for text in texts for target in _targets(text))
    remote = sum(1 for target in targets if _REMOTE.match(target))
    missing = tuple(target for target in targets if not _REMOTE.match(target) and target not in held)
    return Pictured(changed, remote, missing)


def plain_embeds(text: str) -> str:
    """`![[river.png|200]]`, as Obsidian writes it, as a Markdown image."""
    return _EMBED.sub(lambda found: image(found["target"].strip()), text)


def image(name: str, alt: str = "") -> str:
    """A Markdown image of a file with this name."""
    return f"![{alt}](<{name}>)" if re.search(r"[\s()]", name) else f"![{alt}]({name})"


def _targets(text: str) -> Iterator[str]:
    return (_target(found) for found in _IMAGE.finditer(text))


def _target(found: re.Match[str]) -> str:
    return found["target"] or found["spaced"]


def _linked(text: str) -> str:
    return _IMAGE.sub(_link, text) if "![" in text else text


def _link(found: re.Match[str]) -> str:
    target = _target(found)
    if not _REMOTE.match(target):
        return found[0]
    if target.lower().startswith("data:"):
        return found["alt"] or "picture"
    return f"[{found['alt'] or 'picture'}]({target})"
