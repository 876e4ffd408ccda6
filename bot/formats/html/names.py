"""What tags are called: blocks, lists, styles, and what has no place in a card."""

from .inline import BOLD, ITALIC, STRUCK

STYLES = {"b": BOLD, "strong": BOLD, "i": ITALIC, "em": ITALIC, "s": STRUCK, "del": STRUCK, "strike": STRUCK}
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = frozenset({
    "div", "section", "article", "header", "footer", "main", "aside", "nav", "figure", "figcaption", "center",
    "address", "fieldset", "form", "details", "summary", "dl", "dt", "dd", "body", "html", "head", "title",
})  # fmt: skip
LISTS = frozenset({"ul", "ol", "li", "blockquote"})
CODE = frozenset({"code", "kbd", "samp", "tt", "pre"})
WORDS_FOR = {
    "script": "a script", "svg": "a drawing (SVG)", "canvas": "a drawing", "iframe": "a page in a frame",
    "object": "an embedded object", "embed": "an embedded object",
    "textarea": "a field of a form", "select": "a field of a form",
}  # fmt: skip
RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
LOWERED = str.maketrans("0123456789+-=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓ")
