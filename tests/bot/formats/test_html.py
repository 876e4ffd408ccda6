"""HTML of other programs' cards becomes Markdown that looks the same, whatever it is."""

from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.formats.html import to_markdown, to_plain
from bot.formats.html.tokens import tokens
from bot.markdown import Break, Paragraph, Plain, parse


def markdown(html: str) -> str:
    return to_markdown(html).markdown


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a<br>b", "a\nb"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("a<div><br></div><div>b</div>", "a\n\nb"),
        ("<p>a</p><p>b\nc</p>", "a\n\nb c"),
        ("a &amp; b &lt;i&gt; &eacute;", "a & b <i> é"),
        ("&nbsp; &nbsp;a&nbsp;b&nbsp;&nbsp;c", "\xa0\xa0\xa0a b c".replace("\xa0\xa0\xa0", "\xa0" * 2)),
        ("<!-- x --><style>y</style><script>z</script>a", "a"),
        ("<h2>T</h2>x", "**T**\n\nx"),
        ("a<hr>b", "a\n\n---\n\nb"),
        ("<blockquote>a<br><br>b</blockquote>c", "> a\n>\n> b\n\nc"),
        ("<table><tr><td>one</td></tr><tr><td>two</td></tr></table>", "one\ntwo"),
    ],
)
def test_blocks_become_lines(html: str, expected: str) -> None:
    assert markdown(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>bold </b>x", "**bold** x"),
        ("<b>a<br>b</b>c", "**a**\n**b**c"),
        ("<b>foo<i>bar</i></b>", "**foobar**"),
        ("<b>a <i>b</i></b>", "**a** ***b***"),
        ("a<b>“q”</b>b", "a“q”b"),
        ("<b></b>a<b> </b>", "a"),
        ("<s>x</s> <strike>y</strike>", "~~x~~ ~~y~~"),
        ('<span style="font-weight: 700">x</span> <span style="color:red">y</span>', "**x** y"),
        ("<b>never closed", "**never closed**"),
        ("</b></i>x", "x"),
        ("H<sub>2</sub>O x<sup>2n</sup> y<sup>ab</sup>", "H₂O x²ⁿ y^(ab)"),
        ("<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "漢字(かんじ)"),
        ("use <code>a*b</code>, <code>`</code>", "use `a*b`, `` ` ``"),
        ('<a href="https://a.b/(c) d">t</a>', "t"),
        ('<a href="https://a.b/(c)">t</a>', "[t](https://a.b/%28c%29)"),
        ('<a href="javascript:x()">t</a><a href="https://a.b"></a>', "t"),
    ],
)
def test_inline_marks_become_markdown_where_markdown_can_read_them(html: str, expected: str) -> None:
    assert markdown(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("x<ul><li>a</li><li>b</li></ul>y", "x\n\n- a\n- b\n\ny"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
        ("<ul><li>a<li>b", "- a\n- b"),
        ("<ol start=3><li><p>a</p></li><li><p>b</p><p>c</p></li></ol>", "3. a\n4. b\n\n   c"),
        ("<ol start=1e9><li>a</ol></ol></ul>b", "1. a\n\nb"),
        ("<li>a</li>b", "- a\n\nb"),
    ],
)
def test_lists_are_lists_even_where_tags_are_missing(html: str, expected: str) -> None:
    assert markdown(html) == expected


def test_a_table_is_a_table_with_its_first_row_on_top() -> None:
    html = "<table><tr><th>A</th><td>B|x</td></tr><tr><td>1<br>2</td></tr><tr></tr></table>z"
    assert markdown(html) == "| A | B\\|x |\n| --- | --- |\n| 1 / 2 |  |\n\nz"


def test_a_table_as_wide_as_a_house_is_made_narrower_and_loses_nothing() -> None:
    found = markdown("<table><tr>" + "".join(f"<td>c{one}</td>" for one in range(100)) + "</tr></table>")
    assert found.split("\n")[1].count("---") == 30
    assert all(f"c{one}" in found for one in range(100))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (r"\(x^2\) and 2\(y\)3", "$x^2$ and 2 $y$ 3"),
        (r"a \[\begin{align}x<br>y\end{align}\] b", "a\n$$\\begin{align}x y\\end{align}$$\nb"),
        ("[$]a_b[/$] [$$]c[/$$]", "$a_b$\n$$c$$"),
        ("[latex]$x &lt; y$[/latex]", "$x < y$"),
        (r"[latex]\begin{tabular}x\end{tabular}[/latex]", "$$\\begin{tabular}x\\end{tabular}$$"),
        (r"\(a $ b\)", r"$a \$ b$"),
        (r"\( never closed", r"\\( never closed"),
        (r"\(\frac{a}{{{c1::b}}}\)", r"$\frac{a}{ {{c1::b}}}$"),
        (r"<code>\(x\)</code>", r"`\(x\)`"),
        ("{{c1::# a}}<br>{{c2::1. b}}", "{{c1::\\# a}}\n{{c2::1\\. b}}"),
        ("costs $5 and $6", r"costs \$5 and \$6"),
    ],
)
def test_formulas_stand_between_dollars_and_prices_do_not(html: str, expected: str) -> None:
    assert markdown(html) == expected


def test_a_formula_stays_whole_beside_what_is_written_as_a_reference() -> None:
    assert markdown(r"a&nbsp;&lt; b \(x\) &eacute;") == "a < b $x$ é"
    assert markdown(r"\(x\) &#14;0&#15;&#12;") == "$x$ 0"


def test_preformatted_text_is_fenced_with_its_language() -> None:
    html = '<pre><code class="language-py">def f(x):<br>  return "```"\n</code></pre>after'
    assert markdown(html) == '````py\ndef f(x):\n  return "```"\n````\n\nafter'


def test_pictures_have_plain_names_and_those_on_the_web_become_links() -> None:
    html = (
        '<img src="a b.png" alt="x [y]"><img src=na%C3%AFve.png><img src="100%.png"><img src="//x.y/z.png">'
        '<img src="file:///etc/passwd"><img src="data:image/png;base64,aGFsbG8="><img src="data:text/html,x">'
    )
    found = to_markdown(html)
    (inside,) = found.embedded
    assert found.pictures == ("a b.png", "naïve.png", "100%.png", inside)
    assert found.markdown.split(" ") == [
        "![x", "y](a%20b.png)", "![](naïve.png)", "![](100%25.png)", "[picture](https://x.y/z.png)", f"![]({inside})",
    ]  # fmt: skip
    assert found.remote == 1
    assert len(found.left_out) == 2


def test_a_name_with_a_percent_sign_is_taken_as_it_stands_where_there_is_such_a_file() -> None:
    assert to_markdown('<img src="a%20b.png">').pictures == ("a b.png",)
    assert to_markdown('<img src="a%20b.png">', {"a%20b.png"}).pictures == ("a%20b.png",)


def test_what_has_no_place_in_a_card_is_counted_or_named() -> None:
    found = to_markdown("[sound:a.mp3]<video src=x></video>a<script>alert(1)</script><svg><text>no</text></svg>")
    assert (found.markdown, found.sounds) == ("a", 2)
    assert found.left_out == ("a script", "a drawing (SVG)")


def test_words_alone_are_on_one_line() -> None:
    assert to_plain("<div>four &amp; <b>five</b></div>six<br>") == "four & five six"


# ---- whatever comes --------------------------------------------------------------------------------------------------

PIECES = [
    "<b>", "</b>", "<i>", "</i>", "<s>", "</s>", "<br>", "<div>", "</div>", "<p>", "<ul>", "</ul>", "<ol start=2>",
    "<li>", "</li>", "<table>", "</table>", "<tr>", "<td>", "</td>", "<blockquote>", "</blockquote>", "<pre>", "</pre>",
    "<code>", "</code>", "<a href='http://x.y'>", "</a>", "<img src=x.png>", "<ruby>", "<rt>", "</ruby>", "<sup>",
    "</sup>", "<hr>", "<script>", "</script>", "<!--", "-->", "<", ">", "&lt;", "&nbsp;", "&#0;", "\\(", "\\)", "\\[",
    "\\]", "[latex]", "[/latex]", "$", "{{c1::", "}}", "::", "[sound:x.mp3]", "\x0e0\x0f", "\x01", "\ud800", '<a "',
    "text ", "2", "*", "|",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=60).map("".join))
def test_no_html_crashes_the_reader_and_what_comes_out_is_clean(html: str) -> None:
    found = to_markdown(html)
    parse(found.markdown)
    found.markdown.encode()
    assert not set(found.markdown) & {chr(code) for code in (*range(9), 11, 12, *range(14, 32), 127)}
    assert "<script" not in found.markdown.lower().replace("\\", "") or "&lt;" in html or "<" in html


@settings(max_examples=250, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab1 \n*_`~$[](){}<>#+-=|\\&;.!:@/“é漢"), max_size=30))
@example("1. a")
@example("- a")
@example("a\n===")
@example("<http://x.y>")
@example("[a](b)")
def test_text_never_becomes_mark_up(text: str) -> None:
    """What people read is the text itself, with white space as HTML has it. Formulas are the one mark-up in texts."""
    text = text.replace("\\(", "(").replace("\\[", "[")
    shown = "".join(
        "\n" if isinstance(span, Break) else span.text
        for block in parse(markdown(escape(text)))
        for span in (block.spans if isinstance(block, Paragraph) else ())
        if isinstance(span, (Plain, Break))
    )
    assert shown.split() == text.split()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, "<!x>", "<B a='>'>", '<p a="b">', "<i a='", "'>", "<x"]), max_size=20))
def test_html_that_is_cut_in_one_go_has_the_tags_that_are_found_one_by_one(pieces: list[str]) -> None:
    html = "".join(pieces)
    parts = [part for token in tokens(html) for part in token if part]
    assert parts == [part for token in tokens(f"<!-- so one by one -->{html}") for part in token if part]


def test_deeply_nested_html_takes_no_stack_and_no_time() -> None:
    for tag in (
        "div",
        "b",
        "ul",
        "li",
        "blockquote",
        "table",
        "td",
        "sup",
        "span",
        "code",
        "rt",
        "a href='http://x.y'",
    ):
        assert markdown(f"<{tag}>" * 5_000 + "x").endswith(("x", "x`", "|", "(x", "x)", "x**", "y)"))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab1 \u3000*_`~$](){}>#+-=|;.!:@“é漢"), max_size=12))
def test_the_short_way_for_plain_text_ends_where_the_long_way_does(text: str) -> None:
    assert parse(markdown(text)) == parse(markdown(f"{text}<x>"))
