"""Slack's blocks as HTML, in Slack's manner; what is drawn is exactly what the adapter sent.

A block or an element that nobody has drawn yet is an error, so that no picture leaves anything out.
"""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from adapters.slack.parse import REACTIONS

Json = dict[str, Any]
KEYCAP = "\ufe0f\u20e3"
MARKS = {"bold": "b", "italic": "i", "strike": "s", "code": "code"}


def message(sent: Json, when: str) -> str:
    """A message of the app in a channel."""
    head = f'<b class="app">Flashmob</b> <span class="badge">APP</span> <time>{when}</time>'
    inside = f"{head}{blocks(sent['blocks'])}{_reactions(sent['reactions'])}"
    return f'<div class="message part"><div class="face">F</div><div>{inside}</div></div>'


def _reactions(found: list[Json]) -> str:
    counted = ((REACTIONS[each["name"]].value, len(each["users"])) for each in found)
    shown = (f"<span>{number}{KEYCAP} <small>{count}</small></span>" for number, count in counted)
    return f'<div class="reactions">{"".join(shown)}</div>' if found else ""


def modal(view: Json) -> str:
    title, close, submit = _label(view, "title"), _label(view, "close"), _label(view, "submit")
    send = f'<button class="primary">{submit}</button>' if submit else ""
    head = f'<header><div class="face">F</div><h1>{title}</h1><span class="x">\u2715</span></header>'
    inside = f'<div class="inside">{blocks(view["blocks"])}</div>'
    return f'<div class="modal part">{head}{inside}<footer><button>{close}</button>{send}</footer></div>'


def home(view: Json) -> str:
    tabs = "<nav><b>Home</b><span>Messages</span><span>About</span></nav>"
    head = f'<header><div class="face">F</div><h1>Flashmob</h1></header>{tabs}'
    return f'<div class="home part">{head}<div class="inside">{blocks(view["blocks"])}</div></div>'


def blocks(found: Iterable[Json]) -> str:
    return "".join(map(_block, found))


def _label(view: Json, name: str) -> str:
    return _text(view[name]) if name in view else ""


def _text(said: Json) -> str:
    """A text object. Of `mrkdwn` the project sends none in blocks."""
    assert said["type"] == "plain_text", said
    return escape(said["text"])


# ---- blocks ----------------------------------------------------------------------------------------------------------


def _block(block: Json) -> str:
    match block["type"]:
        case "header":
            return f"<h2>{_text(block['text'])}</h2>"
        case "section":
            return f"<p>{_text(block['text'])}</p>"
        case "context":
            return f'<p class="context">{" ".join(map(_text, block["elements"]))}</p>'
        case "rich_text":
            return f'<div class="rich">{"".join(map(_piece, block["elements"]))}</div>'
        case "actions":
            return f'<div class="actions">{"".join(map(_element, block["elements"]))}</div>'
        case "input":
            return _input(block)
        case "image":
            return f'<img src="{escape(block["image_url"])}" alt="{escape(block["alt_text"])}">'
        case "divider":
            return "<hr>"
    raise AssertionError(f"a block that nobody draws: {block['type']}")


def _input(block: Json) -> str:
    optional = ' <span class="quiet">(optional)</span>' if block.get("optional") else ""
    hint = f'<p class="context">{_text(block["hint"])}</p>' if "hint" in block else ""
    return f'<div class="input"><b>{_text(block["label"])}</b>{optional}{_element(block["element"])}{hint}</div>'


# ---- elements --------------------------------------------------------------------------------------------------------


def _element(element: Json) -> str:
    draw: Callable[[Json], str] | None = ELEMENTS.get(element["type"])
    assert draw is not None, f"an element that nobody draws: {element['type']}"
    return draw(element)


def _button(element: Json) -> str:
    return f'<button class="{element.get("style", "")}">{_text(element["text"])}</button>'


def _typed(element: Json) -> str:
    lines = " tall" if element.get("multiline") else ""
    return f'<div class="field{lines}">{escape(element.get("initial_value", "")) or _hint(element)}</div>'


def _hint(element: Json) -> str:
    return f'<span class="quiet">{_text(element["placeholder"])}</span>' if "placeholder" in element else "&nbsp;"


def _menu(element: Json) -> str:
    chosen = element.get("initial_option")
    shown = _text(chosen["text"]) if chosen else _hint(element)
    return f'<div class="field menu">{shown}</div>'


def _channel(element: Json) -> str:
    is_here = {"initial_conversation", "default_to_current_conversation"} & set(element)
    return f'<div class="field menu">{"# flashcards" if is_here else _hint(element)}</div>'


def _time(element: Json) -> str:
    hour, minute = map(int, element.get("initial_time", "00:00").split(":"))
    shown = f"{(hour + 11) % 12 + 1}:{minute:02} {'AM' if hour < 12 else 'PM'}"
    return f'<div class="field menu narrow">{shown}</div>'


def _choices(element: Json) -> str:
    chosen = element.get("initial_options") or [element.get("initial_option")]
    kind = "box" if element["type"] == "checkboxes" else "dot"
    rows = (
        f'<div class="choice"><i class="{kind}{" on" * (option in chosen)}"></i>{_text(option["text"])}</div>'
        for option in element["options"]
    )
    return f'<div class="choices">{"".join(rows)}</div>'


def _file(_: Json) -> str:
    return '<div class="file"><button>Select files</button></div>'


ELEMENTS: dict[str, Callable[[Json], str]] = {
    "button": _button,
    "plain_text_input": _typed,
    "static_select": _menu,
    "external_select": _menu,
    "conversations_select": _channel,
    "timepicker": _time,
    "checkboxes": _choices,
    "radio_buttons": _choices,
    "file_input": _file,
}


# ---- rich text -------------------------------------------------------------------------------------------------------


def _piece(piece: Json) -> str:
    match piece["type"]:
        case "rich_text_section":
            return f"<div>{_runs(piece)}</div>"
        case "rich_text_list":
            kind = "ol" if piece["style"] == "ordered" else "ul"
            items = "".join(f"<li>{_runs(item)}</li>" for item in piece["elements"])
            return f'<{kind} class="indent{piece.get("indent", 0)}">{items}</{kind}>'
        case "rich_text_quote":
            return f"<blockquote>{_runs(piece)}</blockquote>"
        case "rich_text_preformatted":
            return f"<pre>{_runs(piece)}</pre>"
    raise AssertionError(f"a piece that nobody draws: {piece['type']}")


def _runs(piece: Json) -> str:
    return "".join(map(_run, piece["elements"]))


def _run(run: Json) -> str:
    said = escape(run.get("text") or run.get("url") or run["fallback"])
    for style in run.get("style", {}):
        said = f"<{MARKS[style]}>{said}</{MARKS[style]}>"
    return f"<a>{said}</a>" if run["type"] == "link" else said
