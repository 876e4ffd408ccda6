import pytest

from bot.formats.problems import Kind
from bot.formats.reading import read_deck
from bot.formats.table import read, recognise
from bot.model import CardKind, Choice, Deck


def pairs(text: str) -> list[tuple[str, str]]:
    return [(card.prompt, card.answer) for card in read(text, "rivers.csv").cards]


def kinds(deck: Deck) -> list[tuple[int, str]]:
    return [(problem.line, problem.kind) for problem in deck.problems]


@pytest.mark.parametrize("separator", ["\t", ";", ",", "|", " | ", "   "])
def test_two_columns_are_found_whatever_parts_them(separator: str) -> None:
    text = f"Norway{separator}Glomma\nRussia{separator}Volga\n\nItaly{separator}Po\n"
    assert recognise(text)
    assert pairs(text) == [("Norway", "Glomma"), ("Russia", "Volga"), ("Italy", "Po")]


@pytest.mark.parametrize(
    "headings",
    ["Question,Answer", "front,BACK", "Term,Definition", '"Frage","Antwort"', "Prompt ,Answer", "Pregunta,Respuesta"],
)
def test_headings_are_no_card(headings: str) -> None:
    assert pairs(f"{headings}\nNorway,Glomma\n") == [("Norway", "Glomma")]


def test_headings_say_what_the_columns_are() -> None:
    text = (
        "Deck;Tags;Answer;Question;ID;Also accepted;Explanation;Colour\n"
        'North;long, cold;Glomma;"Longest, in Norway?";r1;Glåma | Glommen;It runs far.;blue\n'
    )
    deck = read(text, "rivers.csv")
    (card,) = deck.cards
    assert (card.id, card.prompt, card.answer) == ("r1", "Longest, in Norway?", "Glomma")
    assert (card.accepted, card.tags) == (("Glåma", "Glommen"), ("long", "cold"))
    assert (card.why, card.section, card.line) == ("It runs far.", "North", 2)
    assert kinds(deck) == [(1, Kind.UNKNOWN_COLUMN)]
    assert '"Colour"' in deck.problems[0].text


def test_a_column_of_choices_makes_a_choice_card() -> None:
    text = "question,answer,choices\nBlack Sea?,Danube,Rhine | danube | Po\nNorth Sea?,Rhine,Don|Po\n"
    deck = read(text, "x.csv")
    (card,) = deck.cards
    assert card.kind is CardKind.CHOICE
    assert card.choices == (Choice("Rhine", False), Choice("danube", True), Choice("Po", False))
    assert kinds(deck) == [(3, Kind.NO_RIGHT_CHOICE)]


def test_quotes_hold_separators_quotes_and_lines() -> None:
    text = 'front,back\n"a, b","say ""c""\nand d"\ne,f\n'
    deck = read(text, "x.csv")
    expected = [("a, b", 'say "c"\nand d', 2), ("e", "f", 4)]
    assert [(card.prompt, card.answer, card.line) for card in deck.cards] == expected


def test_a_quote_that_is_none_stays_text_and_spoils_no_other_row() -> None:
    deck = read('a\tb\n"Huck" Finn\tTwain\nc\t"d\ne\tf\n"g\nh"\ti\n', "x.tsv")
    expected = [("a", "b"), ('"Huck" Finn', "Twain"), ("c", '"d'), ("e", "f"), ("g\nh", "i")]
    assert [(card.prompt, card.answer) for card in deck.cards] == expected
    assert kinds(deck) == [(2, Kind.QUOTES), (3, Kind.QUOTES)]


def test_rows_that_are_no_cards_are_named_with_their_line() -> None:
    deck = read("a,b\nc,d\nalone\n,f\ng,\nh,i,j\nk,l,\n,\nm,n\no,p\nq,r\ns,t\n", "x.csv")
    assert [card.prompt for card in deck.cards] == ["a", "c", "k", "m", "o", "q", "s"]
    assert kinds(deck) == [
        (3, Kind.ONE_CELL),
        (4, Kind.NO_QUESTION),
        (5, Kind.NO_ANSWER),
        (6, Kind.EXTRA_CELLS),
    ]


def test_columns_without_headings_are_left_out_and_said() -> None:
    deck = read("a;b;c\nd;e;f\n", "x.csv")
    assert pairs("a;b;c\nd;e;f\n") == [("a", "b"), ("d", "e")]
    assert kinds(deck) == [(1, Kind.UNKNOWN_COLUMN)]


def test_a_table_in_markdown_is_a_table() -> None:
    assert pairs("| Front | Back |\n|:------|------|\n| a | b |\n| c |  |\n") == [("a", "b")]


def test_the_head_of_an_anki_text_export_is_no_card() -> None:
    assert pairs("#separator:tab\n#html:true\na\tb\n#hashtag\tc\n") == [("a", "b"), ("#hashtag", "c")]


def test_a_formula_is_text() -> None:
    assert pairs('=1+1,=cmd|"/c calc"!A1\n@SUM(A1),+2\n')[1] == ("@SUM(A1)", "+2")


def test_mentions_and_markup_of_both_platforms_are_text() -> None:
    text = "@everyone <@123> <!channel> *b* __u__ ||s|| :tada:"
    assert pairs(f"{text}\t{text}!\n") == [(text, f"{text}!")]


@pytest.mark.parametrize(
    "text",
    [
        "Just one line of text.\n",
        "Dear all,\nsee you on Monday, at nine.\n",
        "The river is long, but it is slow.\nIt rises in the hills, and it ends in the sea.\n",
        '{\n  "a": 1,\n  "b": [2, 3]\n}\n',
        "one\ntwo\nthree\n",
    ],
)
def test_prose_is_no_table(text: str) -> None:
    assert not recognise(text)


def test_ten_thousand_rows_are_read() -> None:
    text = "Question,Answer\n" + "".join(f'"What is {n}, then?",{n}\n' for n in range(10_000))
    assert len(read_deck(text.encode(), "x.csv").cards) == 10_000
