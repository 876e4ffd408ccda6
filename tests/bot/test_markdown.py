"""Card text: what becomes a tree, what stays text, and what comes out in one line."""

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import formulas, markdown
from bot.markdown import (
    Break,
    Bullets,
    Code,
    CodeSpan,
    Emphasis,
    Formula,
    Heading,
    Image,
    InlineFormula,
    Link,
    Paragraph,
    Plain,
    Quote,
    Rule,
    Strike,
    Strong,
    Table,
    parse,
)

HOSTILE = st.text(st.sampled_from("ab1.)(#-+*_`~$|[]!<>&\\:= \t\n\"'/@{}^…é漢"), max_size=60)


def line(text: str) -> tuple[markdown.Span, ...]:
    (paragraph,) = parse(text)
    assert isinstance(paragraph, Paragraph)
    return paragraph.spans


def test_marks_inside_a_line_become_spans() -> None:
    assert line("a **b** *c* ~~d~~ `e` [f](https://g.example)") == (
        Plain("a "), Strong((Plain("b"),)), Plain(" "), Emphasis((Plain("c"),)), Plain(" "), Strike((Plain("d"),)),
        Plain(" "), CodeSpan("e"), Plain(" "), Link((Plain("f"),), "https://g.example"),
    )  # fmt: skip


def test_blocks_become_a_tree() -> None:
    text = "# Head\n\n> quoted\n\n3. three\n4. four\n   - deep\n\n***\n\n```py\nx = 1\n```\n\n"
    text += "| a | b |\n|---|---|\n| 1 |"
    assert parse(text) == (
        Heading(1, (Plain("Head"),)),
        Quote((Paragraph((Plain("quoted"),)),)),
        Bullets(
            (
                (Paragraph((Plain("three"),)),),
                (Paragraph((Plain("four"),)), Bullets(((Paragraph((Plain("deep"),)),),))),
            ),
            ordered=True,
            start=3,
        ),
        Rule(),
        Code("x = 1", "py"),
        Table(((Plain("a"),), (Plain("b"),)), (((Plain("1"),), ()),)),
    )


def test_a_new_line_in_a_card_is_a_new_line_on_the_screen() -> None:
    assert line("one\ntwo  \nthree") == (Plain("one"), Break(), Plain("two"), Break(), Plain("three"))


def test_formulas_stand_between_dollars() -> None:
    assert line("so $a+b$ is") == (Plain("so "), InlineFormula("a+b"), Plain(" is"))
    assert parse("$$\n\\frac{1}{2}\n$$") == (Formula("\\frac{1}{2}"),)


@pytest.mark.parametrize(
    "text",
    ["a lone $", "$5 and $6", "US$5 or 6$", "$HOME/$PATH", "from $ 5 to $ 6", "$" * 1000, "a $b", "\\$a\\$ is"],
)
def test_money_and_variables_are_no_formulas(text: str) -> None:
    assert not any(isinstance(span, InlineFormula) for span in line(text))
    assert markdown.plain(text) == text.replace("\\", "")


@pytest.mark.parametrize(
    "text",
    [
        "||hidden||", "<b>bold</b>", "<script>alert(1)</script>", "<!channel>", "<@U1> @everyone", "https://a.example",
        "[a]: https://b.example", "~200 things", "snake_case_name",
    ],
)  # fmt: skip
def test_other_platforms_markup_is_text(text: str) -> None:
    assert line(text) == (Plain(text),)


def test_a_picture_keeps_its_description() -> None:
    assert line("![a *red* door](door.png)") == (Image("a red door", "door.png"),)


@given(st.text() | HOSTILE)
def test_whatever_is_written_is_read(text: str) -> None:
    parse(text)
    markdown.plain(text)
    formulas.readable(text)
    assert len(markdown.one_line(text)) <= 120


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])) | HOSTILE)
def test_escaped_words_are_shown_as_they_are(text: str) -> None:
    assert markdown.plain(markdown.escape(text)) == text
    assert all(isinstance(block, Paragraph) for block in parse(markdown.escape(text)))


def test_control_characters_in_a_name_are_dropped() -> None:
    assert markdown.plain(markdown.escape("Ma\x00y\x1ba\r")) == "Maya"


@pytest.mark.parametrize("piece", ["[", "*a **b ", "> ", "- $$a\n", "`", "|a|b\n", "\\$", "***", "- " * 9 + "\n"])
def test_fifty_thousand_characters_of_anything_are_read(piece: str) -> None:
    assert parse((piece * 50_000)[:50_000])


def test_emphasis_nested_without_end_is_laid_flat() -> None:
    deep = "*a **b " * 500 + "c" + "** *" * 500
    assert "c" in markdown.plain(deep)


def test_plain_text_keeps_lists_readable() -> None:
    assert markdown.plain("Two:\n\n1. *a*\n2. b\n   - c\n\n`x`") == "Two:\n\n1. a\n2. b\n   • c\n\nx"


def test_a_question_fits_one_line() -> None:
    assert markdown.one_line("What does **this**\nprint?\n\n```py\nprint(1)\n```") == "What does this print?"
    assert markdown.one_line("Consider:\n\n- a\n- b") == "Consider: • a • b"


def test_a_long_question_is_cut_at_a_word() -> None:
    said = markdown.one_line("word " * 60, 24)
    assert said == "word word word word…"
    assert markdown.one_line("x" * 300, 24) == "x" * 23 + "…"


def test_a_long_text_is_cut_at_a_paragraph() -> None:
    assert markdown.cut("short", 10) == ("short", False)
    assert markdown.cut("first part\n\nsecond part of it", 20) == ("first part", True)
    assert markdown.cut("a line\nanother line\nand more of it", 22) == ("a line\nanother line", True)


def test_a_cut_comes_before_a_fence_or_closes_it() -> None:
    code = "```py\n" + "x = 1\n" * 50 + "```"
    assert markdown.cut("Some words that go before.\n\n" + code, 60) == ("Some words that go before.", True)
    kept, missing = markdown.cut(code, 60)
    assert missing
    assert kept.endswith("x = 1\n```")
    assert len(parse(kept)) == 1


FENCES = st.lists(st.sampled_from(["```", "~~~~", "  ```py", "- ```", "words here", "", "`x`", "> ```"]))


@given(FENCES, st.integers(20, 90))
def test_a_cut_text_is_short_and_leaves_no_fence_open(lines: list[str], most: int) -> None:
    text = "\n".join(lines)
    kept, missing = markdown.cut(text, most)
    assert len(kept) <= most
    assert missing == (len(text) > most)
    if missing:
        assert markdown.writing._open_fence(kept)[1] == ""


def test_pages_hold_the_whole_of_a_text_and_end_at_paragraphs() -> None:
    assert markdown.pages("") == [""]
    assert markdown.pages("short") == ["short"]
    text = "\n\n".join(f"Paragraph {number} says something." for number in range(300))
    found = markdown.pages(text)
    assert len(found) > 5
    assert "\n\n".join(found) == text
    assert all(len(page) <= markdown.writing.PAGE for page in found)


def test_a_fence_is_closed_at_the_end_of_a_page_and_opened_again_on_the_next() -> None:
    lines = [f"    x = {number}" for number in range(400)]
    first, *others = markdown.pages("Like this:\n\n```py\n" + "\n".join(lines) + "\n```\n\nDone.")
    assert [type(block) for block in parse(first)] == [markdown.Paragraph, Code]
    codes = [block for page in (first, *others) for block in parse(page) if isinstance(block, Code)]
    assert {code.language for code in codes} == {"py"}
    assert "\n".join(code.text for code in codes) == "\n".join(lines)
    assert markdown.plain(others[-1]).endswith("Done.")


@given(
    st.one_of(FENCES.map("\n".join), st.text(alphabet="a `~\n->"), st.just("```" + "a" * 500), st.just(" " * 500)),
    st.integers(200, 300),
)
def test_pages_come_to_an_end_and_lose_no_word(text: str, most: int) -> None:
    found = markdown.pages(text, most)
    assert all(markdown.writing._open_fence(page)[1] == "" for page in found[:-1])
    assert all(len(page) <= most + 12 + len(text.splitlines()[0] if text else "") for page in found)
    kept = Counter("".join(found))
    assert all(kept[letter] >= count for letter, count in Counter(text).items() if not letter.isspace())


@pytest.mark.parametrize(
    "text", ["Plain words. " * 90, "- an item of it\n" * 60, "x = 1\n" * 200, "**bold** and `code`. " * 30]
)
def test_an_ordinary_page_is_drawn_as_it_is(text: str) -> None:
    assert markdown.drawable(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "| a very long heading of a column that is said again in every row | b |\n|-|-|\n" + "|x|y|\n" * 200,
        "**a** " * 250,
        "````a```` " * 100,
    ],
)
def test_a_page_that_would_grow_beyond_every_message_is_shown_as_it_was_written(text: str) -> None:
    (block,) = parse(markdown.drawable(text))
    assert isinstance(block, Code)
    assert block.text.strip() == text.strip()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (r"\frac{a+b}{2} \le x^2", "(a+b)/2 ≤ x²"),
        (r"e^{i\pi} + 1 = 0", "e^(iπ) + 1 = 0"),
        (r"\sqrt{\frac{1}{n}}", "√(1/n)"),
        (r"\text{H}_2\text{O}", "H₂O"),
        (r"\lim_{x \to 0} f(x)", "lim_(x → 0) f(x)"),
        (r"90^\circ", "90°"),
        (r"\{1, 2\} \subset A", "{1, 2} ⊂ A"),
        ("x^{{{{", "x^"),
    ],
)
def test_a_formula_is_readable_as_a_line(source: str, said: str) -> None:
    assert formulas.readable(source) == said


def test_the_sample_deck_is_read_whole() -> None:
    seed = Path(os.environ.get("FLASHMOB_SEED", Path(__file__).parents[3] / "shared" / "seed"))
    if not seed.is_dir():
        pytest.skip("no sample deck beside the checkout")
    for file in seed.glob("*.txt"):
        text = file.read_text("utf-8")
        assert markdown.plain(text)
        assert markdown.plain(markdown.escape(text)).split() == text.split()
