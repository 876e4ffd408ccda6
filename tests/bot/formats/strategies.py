"""Decks made of lines that try to break the native format."""

import string

from hypothesis import strategies as st

from bot.formats.text import tidy
from bot.model import Card, CardKind, Choice, Deck

NASTY_LINES = [
    "Q: inside",
    "A: inside",
    "C: {{c1::x}}",
    "Why: inside",
    "Tags: a b",
    "Id: abcdefgh",
    "= also",
    "- [x] right",
    "- [ ] wrong",
    "# heading",
    "#",
    "###### deep",
    "#tag",
    "---",
    "--- ",
    "----",
    "+++",
    "```",
    "```python",
    "````",
    "~~~",
    "~~~~ x",
    "   ```",
    "    ```",
    "``` `x` ```",
    "\\Q: escaped",
    "\\\\A: twice",
    "\\```",
    "\\ ```",
    "\\begin{align}",
    "\\",
    "  two spaces",
    "\tQ: tab",
    " Q: space",
    "Note: text",
    "{{x}}",
    "",
    " ",
    "text",
    "Q:",
    "A:",
    "Id:",
    "=",
    "= ",
    "- [x]",
    "-[x] no",
    "\u2028Q: separator",
    "\x0bQ: tab",
    "\xa0",
    "éàü 漢字 🎉",
    "@everyone <@123> <!here> *b* _i_ ~s~",
]
lines = st.one_of(st.sampled_from(NASTY_LINES), st.text(alphabet=string.ascii_letters + " `~\\:=#-[]x{}", max_size=12))
texts = st.lists(lines, min_size=1, max_size=8).map("\n".join).map(tidy).filter(bool)
single = st.one_of(st.sampled_from(NASTY_LINES), st.text(alphabet=string.printable, max_size=20)).map(
    lambda text: text.replace("\n", " ").replace("\r", " ").strip()
)
singles = st.lists(single.filter(bool), max_size=3, unique=True).map(tuple)
ids = st.text(alphabet=string.ascii_letters + string.digits + "#|;/<>\"'", min_size=1, max_size=12)
tags = st.lists(st.text(alphabet=string.ascii_letters + "#:-", min_size=1, max_size=6), max_size=3, unique=True).map(
    tuple
)


@st.composite
def basic_cards(draw: st.DrawFn) -> Card:
    return Card(
        id=draw(ids),
        prompt=draw(texts),
        answer=draw(texts),
        accepted=draw(singles),
        why=draw(st.one_of(st.just(""), texts)),
        tags=draw(tags),
        section=draw(st.one_of(st.just(""), single)),
    )


@st.composite
def choice_cards(draw: st.DrawFn) -> Card:
    texts_of_choices = draw(st.lists(single.filter(bool), min_size=1, max_size=4))
    right = draw(st.integers(0, len(texts_of_choices) - 1))
    choices = tuple(Choice(text, number == right) for number, text in enumerate(texts_of_choices))
    answer = draw(st.one_of(st.just(texts_of_choices[right]), texts))
    return Card(id=draw(ids), prompt=draw(texts), answer=answer, kind=CardKind.CHOICE, choices=choices)


@st.composite
def decks(draw: st.DrawFn) -> Deck:
    cards = draw(
        st.lists(st.one_of(basic_cards(), choice_cards()), min_size=1, max_size=6, unique_by=lambda card: card.id)
    )
    different = {(card.prompt, card.answer): card for card in cards}
    title = draw(single.filter(bool))
    return Deck("some-key", title, "native", tuple(different.values()), licence=draw(single), authors=draw(singles))
