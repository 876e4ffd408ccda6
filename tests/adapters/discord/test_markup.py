"""Card text in Discord's Markdown: drawn again, it says what was written, and is nothing more than text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import inline, markup
from bot.markdown import escape

from .double.reading import Read

HOSTILE = (
    "<@1> <@!1> <@&1> @everyone @here <#C1> <#1> <t:0:R> </quiz:1> <:a:1> <id:browse>",
    "||spoiler|| __under__ ~~gone~~ -# small",
    "https://e.example/a_b_c and http://e.example",
    "# no heading\n> no quote\n- no list\n1. no list\n+ none",
    "\\<@1> \\\\@everyone `<@1>` ``@here``",
    "¯\\_(ツ)_/¯ 5 * 3 * 2 a_b_c 2^3",
    "[a](https://e.example) <https://e.example>",
)


def drawn(markdown: str) -> Read:
    read = Read()
    read.text = read.take(markdown)
    return read


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_other_people_stay_as_they_are(text: str) -> None:
    read = drawn(markup.render(escape(text)))
    assert read.text == text
    assert read.more == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_on_one_line_stays_as_it_is(text: str) -> None:
    read = drawn(inline.literal(text))
    assert read.text == " ".join(text.split())
    assert read.more == []


@given(st.text(alphabet=st.sampled_from("<>@!&#:/*_~`|[]()\\1.- \nabtRhttps"), max_size=60))
def test_no_card_text_becomes_a_mention_or_an_address(text: str) -> None:
    made = markup.render(text)
    links = {target for target in re.findall(r"\]\(<([^<>()\s]+)>\)", made) if inline.is_web(target)}
    assert {each for each in drawn(made).more if each not in links} == set()


@given(st.text(alphabet=st.sampled_from("<>@!&#:/*_~`|[]()\\1.- \nabtRhttps"), max_size=60))
def test_escaped_text_says_the_same_on_discord(text: str) -> None:
    assert drawn(markup.render(escape(text))).text.split() == text.split()


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("**bold** and *slanted* and ~~gone~~", "**bold** and *slanted* and ~~gone~~"),
        ("`code` and ``a ` b``", "`code` and `` a ` b ``"),
        ("one\ntwo", "one\ntwo"),
        ("# Heading", "### Heading"),
        ("- one\n- two\n  - three", "- one\n- two\n  - three"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("> said\n> so", "> said\n> so"),
        ("```python\nprint(1)\n```", "```python\nprint(1)\n```"),
        ("````\n```\n````", "```\n`\u200b``\n```"),
        ("[page](https://e.example/x)", "[page](<https://e.example/x>)"),
        ("[call](tel:1)", "call (tel:1)"),
        ("![a map](https://e.example/m.png)", "[Picture: a map](<https://e.example/m.png>)"),
        ("![a map](map.png)", "Picture: a map"),
        ("$x^2$", "x²"),
        ("||not hidden||", "\\|\\|not hidden\\|\\|"),
        ("---", "⎯⎯⎯"),
        ("&lt;", "\\<"),
        ("", ""),
        (" \u0000\u0007 ", ""),
    ],
)
def test_markdown_becomes_discords(written: str, made: str) -> None:
    assert markup.render(written) == made


def test_a_small_table_stands_in_columns_and_a_wide_one_becomes_a_list() -> None:
    small = "| river | sea |\n|---|---|\n| Rhine | North |\n| Po | Adriatic |"
    assert markup.render(small) == "```\nriver | sea\n------+---------\nRhine | North\nPo    | Adriatic\n```"
    wide = f"| river | {'sea' * 20} |\n|---|---|\n| Rhine | North |"
    assert markup.render(wide) == f"- river: Rhine; {'sea' * 20}: North"


def test_code_in_a_list_keeps_its_fences_at_the_margin() -> None:
    made = markup.render("- look:\n\n  ```\n  x = 1\n  ```\n- next")
    assert made == "- look:\n```\nx = 1\n```\n- next"


@given(st.text(alphabet=st.sampled_from("`\n ab~-"), max_size=40))
def test_a_fence_is_never_left_open(text: str) -> None:
    made = markup.render(text)
    fences = [line for line in made.split("\n") if line.lstrip("> -").startswith("```")]
    assert len(fences) % 2 == 0


def test_length_is_counted_as_discord_may_count_it() -> None:
    assert inline.size("aé€") == 3
    assert inline.size("a😀") == 3
