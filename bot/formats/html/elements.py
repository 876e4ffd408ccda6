"""What each tag asks for. A function takes the writer, the tag's name and its attributes as they stand."""

import re
from collections.abc import Callable

from . import pictures
from .code import Code
from .inline import BOLD, clean
from .names import BLOCKS, CODE, HEADINGS, LISTS, LOWERED, RAISED, STYLES, WORDS_FOR
from .tokens import SWALLOWED, attributes
from .writer import Writer

Handler = Callable[[Writer, str, str], None]
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_LINKED = re.compile(r"(?:https?://|mailto:)\S{1,2000}", re.I)


def _open_style(writer: Writer, name: str, text: str) -> None:
    writer.style(STYLES[name], 1)


def _close_style(writer: Writer, name: str, text: str) -> None:
    writer.style(STYLES[name], -1)


def _open_span(writer: Writer, name: str, text: str) -> None:
    style = BOLD if "weight" in text and _BOLD_STYLE.search(text) else ""
    writer.spans.append(style)
    if style:
        writer.style(style, 1)


def _close_span(writer: Writer, name: str, text: str) -> None:
    if writer.spans and (style := writer.spans.pop()):
        writer.style(style, -1)


def _open_heading(writer: Writer, name: str, text: str) -> None:
    writer.lines.gap()
    writer.style(BOLD, 1)


def _close_heading(writer: Writer, name: str, text: str) -> None:
    writer.style(BOLD, -1)
    writer.lines.gap()


def _block(writer: Writer, name: str, text: str) -> None:
    writer.lines.end()


def _paragraph(writer: Writer, name: str, text: str) -> None:
    writer.lines.gap()


def _break(writer: Writer, name: str, text: str) -> None:
    writer.lines.break_here()


def _rule(writer: Writer, name: str, text: str) -> None:
    writer.lines.gap()
    if writer.lines.table is None:
        writer.lines.add("---")
        writer.lines.gap()


def _open_list(writer: Writer, name: str, text: str) -> None:
    if writer.lines.table is not None:
        writer.lines.end()
        return
    start = attributes(text).get("start", "1") if name == "ol" and text else "1"
    writer.lines.open(name, int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1)


def _close_list(writer: Writer, name: str, text: str) -> None:
    if writer.lines.table is not None:
        writer.lines.end()
    else:
        writer.lines.close(name)


def _open_code(writer: Writer, name: str, text: str) -> None:
    writer.code = writer.code or Code(name)
    writer.code.look_for_language(text)


def _close_code(writer: Writer, name: str, text: str) -> None:
    if writer.code is not None and writer.code.ends_with(name):
        writer.end_code()


def _image(writer: Writer, name: str, text: str) -> None:
    said = attributes(text)
    source = said.get("src", "").strip()
    alt = " ".join(re.sub(r"[\[\]\\`*_$\x0e\x0f]", " ", said.get("alt", "")).split())[:500]
    inside = pictures.embedded(source) if source.lower().startswith("data:") else None
    if inside is not None:
        writer.embedded[inside[0]] = inside[1]
        writer.picture(alt, inside[0])
    elif source.lower().startswith("data:"):
        writer.left_out["a picture inside the text"] = None
    elif _LINKED.fullmatch(source) or source.startswith("//"):
        writer.found.remote += 1
        address = f"https:{source}" if source.startswith("//") else source
        writer.lines.put(writer.keep(f"[{alt or 'picture'}]({pictures.target(address)})"))
    elif pictures.is_remote(source):
        writer.left_out["a picture with an address that cannot be opened"] = None
    elif source:
        writer.picture(alt, clean(pictures.file_name(source, writer.held)))


def _leave_out(writer: Writer, name: str, text: str) -> None:
    writer.left_out[WORDS_FOR[name]] = None


def _sound(writer: Writer, name: str, text: str) -> None:
    writer.found.sounds += 1


def _open_link(writer: Writer, name: str, text: str) -> None:
    writer.end_link()
    address = attributes(text).get("href", "").strip()
    if _LINKED.fullmatch(address):
        writer.link = address, writer.lines.place


def _close_link(writer: Writer, name: str, text: str) -> None:
    writer.end_link()


def _open_reading(writer: Writer, name: str, text: str) -> None:
    _close_reading(writer, name, text)
    writer.in_ruby = True
    writer.lines.put("(")


def _close_reading(writer: Writer, name: str, text: str) -> None:
    if writer.in_ruby:
        writer.lines.put(")")
    writer.in_ruby = False


def _skip(writer: Writer, name: str, text: str) -> None:
    _close_reading(writer, name, text)
    writer.skipping = True


def _stop_skipping(writer: Writer, name: str, text: str) -> None:
    writer.skipping = False


def _raise(writer: Writer, name: str, text: str) -> None:
    if len(writer.raised) < 20:
        writer.raised.append(writer.lines.place)


def _end_raised(writer: Writer, name: str, text: str) -> None:
    inside = writer.lines.take_since(writer.raised.pop()) if writer.raised else None
    if not inside:
        return
    table, mark = (RAISED, "^") if name == "sup" else (LOWERED, "\\_")
    if all(ord(character) in table for character in inside):
        writer.lines.put(inside.translate(table))
    else:
        writer.lines.put(f"{mark}{inside}" if inside.isalnum() and len(inside) == 1 else f"{mark}({inside})")


def _open_table(writer: Writer, name: str, text: str) -> None:
    writer.lines.open_table()


def _open_row(writer: Writer, name: str, text: str) -> None:
    writer.lines.open_row()


def _open_cell(writer: Writer, name: str, text: str) -> None:
    writer.lines.open_cell()


def _close_cell(writer: Writer, name: str, text: str) -> None:
    writer.lines.close_cell()


def _close_table(writer: Writer, name: str, text: str) -> None:
    if writer.lines.table is not None:
        writer.end_table()


_OPENERS: dict[str, Handler] = {
    **dict.fromkeys(WORDS_FOR, _leave_out),
    **dict.fromkeys(STYLES, _open_style),
    **dict.fromkeys(BLOCKS, _block),
    **dict.fromkeys(LISTS, _open_list),
    **dict.fromkeys(CODE, _open_code),
    **dict.fromkeys(HEADINGS, _open_heading),
    "br": _break, "hr": _rule, "p": _paragraph, "x-alone": _block,
    "span": _open_span, "font": _open_span, "img": _image,
    "audio": _sound, "video": _sound, "a": _open_link,
    "rt": _open_reading, "rb": _close_reading, "rp": _skip,
    "sup": _raise, "sub": _raise,
    "table": _open_table, "tr": _open_row, "td": _open_cell,
    "th": _open_cell,
}  # fmt: skip
_CLOSERS: dict[str, Handler] = {
    **dict.fromkeys(STYLES, _close_style),
    **dict.fromkeys(BLOCKS, _block),
    **dict.fromkeys(LISTS, _close_list),
    **dict.fromkeys(CODE, _close_code),
    **dict.fromkeys(HEADINGS, _close_heading),
    "p": _paragraph, "x-alone": _block, "br": _break,
    "span": _close_span, "font": _close_span, "a": _close_link,
    "rt": _close_reading, "ruby": _close_reading, "rp": _stop_skipping,
    "sup": _end_raised, "sub": _end_raised,
    "table": _close_table, "tr": _close_cell, "td": _close_cell,
    "th": _close_cell,
}  # fmt: skip
assert not SWALLOWED & _CLOSERS.keys()
HANDLERS = {name: (opener, name) for name, opener in _OPENERS.items()}
HANDLERS |= {f"/{name}": (closer, name) for name, closer in _CLOSERS.items()}
"""By a tag as it stands, `b` or `/b`: the function, and the name without the slash."""
