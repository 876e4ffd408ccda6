"""One small file of every format, made here: what the tests read, and what fuzzing begins with."""

import json
import zipfile
from io import BytesIO
from typing import Any

import openpyxl

from .packages import Made, latest, legacy

HASHCARDS = """\
---
name = "Rivers"
---

Q: Which river is the longest in Norway?
A: Glomma

C: The [Danube] rises in the [Black Forest]. ![map](map.png)
---
Q:
Two
lines?
A:
Yes.
"""

OBSIDIAN = """\
---
tags: [flashcards/rivers]
---
# Norway

Longest?::Glomma <!--SR:!2024-01-01,3,250-->
Oslo:::Akerselva

What bends?
?
The Loire
in France

#flashcards/sea
The ==Danube==^[river] rises in ==the Black Forest==.
"""

QUIZLET = "Glomma - Norway;Loire - France;Po - Italy"

TRIVIA = """\
AUTHOR: Ada Example
DESCRIPTION: Rivers
CONFIG:
  bot_wins: true
Is the Nile long?:
- yes
- 010
"Which one?": [Glomma, 1.10]
"""

OPENTDB = json.dumps(
    {
        "response_code": 0,
        "results": [
            {
                "type": "multiple",
                "difficulty": "easy",
                "category": "Geography: Rivers",
                "question": "Which river is the &quot;longest&quot; in Norway?",
                "correct_answer": "Glomma",
                "incorrect_answers": ["L&aacute;gen", "Otra", "Rhine"],
            },
            {
                "type": "boolean",
                "difficulty": "hard",
                "category": "Rivers",
                "question": "The Po is in Italy.",
                "correct_answer": "True",
                "incorrect_answers": ["False"],
            },
        ],
    }
)

OPENTRIVIAQA = """\
#Q Which of these rivers
ends in the Black Sea?
^ Danube
A Rhine
B Danube

#Q The Po is in Italy.
^ True
A True
B False
"""

GIFT = """\
// [id:q1] [tag:norway]
$CATEGORY: $course$/top/Rivers

// [id:q1] [tag:norway]
::Longest:: Which \\{one\\} is the longest?{
=Glomma #yes
~Rhine
####It runs far.}

The {~Po =Rhine} ends in the North Sea.

How long?{#621:5}

It is wet.{TRUE}

Match.{=Norway -> Glomma =France -> Loire}

[html]<b>Where</b> is the Po?{=Italy =%50%Europe}

Tell me more.{}
"""

MOODLE = """\
<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/top/Rivers</text></category></question>
<question type="multichoice">
  <name><text>longest</text></name>
  <questiontext format="html">
    <text><![CDATA[<p>Which is the <b>longest</b>? <img src="@@PLUGINFILE@@/the%20map.png" alt="map"></p>]]></text>
    <file name="the map.png" path="/" encoding="base64">cGljdHVyZQ==</file>
  </questiontext>
  <generalfeedback format="html"><text>&lt;i&gt;Far.&lt;/i&gt;</text></generalfeedback>
  <idnumber>mc1</idnumber>
  <answer fraction="100" format="html"><text>Glomma</text></answer>
  <answer fraction="0" format="html"><text>Rhine</text></answer>
  <tags><tag><text>long rivers</text></tag></tags>
</question>
<question type="truefalse"><questiontext format="html"><text>Wet?</text></questiontext>
  <answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>
<question type="numerical"><questiontext format="plain_text"><text>1 &lt; km?</text></questiontext>
  <answer fraction="100"><text>621</text><tolerance>5</tolerance></answer></question>
<question type="shortanswer"><questiontext format="html"><text>Po?</text></questiontext>
  <answer fraction="100"><text>Italy</text></answer><answer fraction="100"><text>Italia</text></answer></question>
<question type="matching"><questiontext format="html"><text>Match.</text></questiontext>
  <subquestion><text>Norway</text><answer><text>Glomma</text></answer></subquestion>
  <subquestion><text>France</text><answer><text>Loire</text></answer></subquestion></question>
<question type="essay"><name><text>long</text></name><questiontext><text>Tell.</text></questiontext></question>
</quiz>
"""

EDN = """\
{:version 2 ; a comment
 :decks [{:id :d1 :name "Rivers"
          :cards [{:id :a1 :content "Longest?\\n---\\nGlomma ![](@media/map.png)" :tags #{"norway"}}
                  {:id :a2 :content "The {{Danube}} and {{the Rhine}}"} #_{:id :a9 :content "no"}]}
         {:id :d2 :parent-id :d1 :name "Sea"
          :cards ({:id :a3 :template-id :t1 :review-reverse? true :created-at #inst "2020-01-01"
                   :fields {:name {:id :name :value "Po"} :b {:id :b :value "Italy"}}}
                  {:id :a4 :trashed? true :content "x"})}]
 :templates [{:id :t1 :content "<< Front >>\\n---\\n<< Back >>"
              :fields {:name {:id :name :name "Front"} :b {:id :b :name "Back"}}}]}
"""

TRANSIT: Any = [
    "^ ", "~:version", 2, "~:decks", [
        ["^ ", "~:id", "~:one", "~:name", "Rivers", "~:cards", ["~#list", [
            ["^ ", "^2", "~:two", "~:content", "Longest?\n---\nGlomma", "~:tags", ["~#set", ["norway"]]],
            ["^ ", "^2", "~:cat", "^8", "~~Po\n---\nItaly", "~:pos", None],
        ]]],
    ],
]  # fmt: skip

KAHOOT = (
    ("Quiz template",),
    (),
    (None, "Question - max 120 characters", "Answer 1 - max 75 characters", "Answer 2 – max 75", "Answer 3", "Answer 4",
     "Time limit (sec)", "Correct answer(s) - choose at least one"),
    (1, "Longest?", "Glomma", "Rhine", 3, True, 20, 1),
    (2, "Which two?", "Po", 4.0, "Loire", None, 20, "1,3"),
    (3, "None?", "Po", "Rhine", None, None, 20, None),
)  # fmt: skip

TABLE = 'question,answer,choices,tags\n"Longest, in Norway?",Glomma,Rhine | Glomma,"a b"\nPo?,Italy,,\n'
NATIVE = "# Norway\n\nQ: Longest?\nA: Glomma\n= Glommen\nId: abc\n\nC: The {{c1::Po::river}} in {{c2::Italy}}\n"
BRAINSCAPE = "Rivers\n\n1\nQ\nLongest?\nA\n  • Glomma\n2\nQ\nPo?\nA\n\nItaly\n\n"


ANKI = (
    Made(("Longest?", "<b>Glomma</b><br><img src='map.png'>"), guid="g1", tags="norway"),
    Made(("Po?", "Italy"), "Typed", "g2"),
    Made(
        ("The {{c1::Danube}} in {{c2::Black {{c3::Forest}}::hills}} \\(x^2\\)", "why"),
        "Cloze",
        "g3",
        "",
        ((0, "Rivers::Sea"),),
    ),
    Made(("a", "b"), "Reversed", "g4", "", ((0, "Rivers"), (1, "Rivers"))),
)
ANKI_TEXT = (
    "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"
    'g1\tBasic\tRivers\tLongest?\t"<b>Glomma</b>\nand ""more"""\tnorway\n"#g2"\tCloze\tRivers\tThe {{c1::Po}}\t\t\n'
)
CROWDANKI = json.dumps(
    {
        "__type__": "Deck",
        "name": "Rivers",
        "children": [],
        "note_models": [
            {
                "crowdanki_uuid": "m",
                "name": "Basic",
                "flds": [{"name": "Front"}, {"name": "Back"}],
                "tmpls": [{"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}],
            }
        ],
        "notes": [{"fields": ["Longest?", "<i>Glomma</i>"], "guid": "g", "note_model_uuid": "m", "tags": ["norway"]}],
    }
)


def zipped(entries: dict[str, bytes]) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def kahoot(rows: Any = KAHOOT) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def mochi_edn(text: str = EDN) -> bytes:
    return zipped({"data.edn": text.encode(), "map.png": b"picture"})


def mochi_transit(value: Any = TRANSIT) -> bytes:
    return zipped({"data.json": json.dumps(value).encode()})


def every() -> dict[str, list[bytes]]:
    """Files of each format by its name."""
    texts = {
        "hashcards": HASHCARDS,
        "obsidian": OBSIDIAN,
        "quizlet": QUIZLET,
        "trivia": TRIVIA,
        "opentdb": OPENTDB,
        "opentriviaqa": OPENTRIVIAQA,
        "gift": GIFT,
        "moodle": MOODLE,
        "table": TABLE,
        "native": NATIVE,
        "brainscape": BRAINSCAPE,
        "anki-text": ANKI_TEXT,
        "crowdanki": CROWDANKI,
    }
    found = {name: [text.encode()] for name, text in texts.items()}
    anki = [latest(ANKI, {"map.png": b"picture"}), legacy(ANKI, {"map.png": b"picture"})]
    return {**found, "anki": anki, "kahoot": [kahoot()], "mochi": [mochi_edn(), mochi_transit()]}
