"""The words by which columns of a table are known, in the languages whose spreadsheets we have met."""

import re
from collections.abc import Sequence

_WORDS = {
    "prompt": "question, questions, q, front, term, terms, prompt, word, cue, side 1, frage, vorderseite, begriff, "
    "wort, pregunta, anverso, término, palabra, recto, terme, mot, domanda, fronte, termine, vraag, voorkant, "
    "pergunta, frente, termo, fråga, spørsmål, spørgsmål, pytanie, otázka, вопрос, термин, питання, 質問, 問題, 问题",
    "answer": "answer, answers, a, back, definition, definitions, response, translation, meaning, side 2, antwort, "
    "rückseite, bedeutung, übersetzung, respuesta, reverso, definición, traducción, réponse, verso, définition, "
    "traduction, risposta, retro, definizione, traduzione, antwoord, achterkant, resposta, definição, tradução, svar, "
    "odpowiedź, odpověď, ответ, перевод, відповідь, 答え, 回答, 答案",
    "id": "id, guid, uid, card id, key",
    "accepted": "accepted, also, also accepted, accepted answers, alternatives, alternative, synonyms, auch",
    "tags": "tags, tag, labels, keywords, schlagwörter, schlagworte, etiquetas, mots-clés",
    "why": "why, explanation, explain, comment, comments, note, notes, warum, erklärung, kommentar, explicación, "
    "explication, spiegazione",
    "section": "section, deck, chapter, topic, category, kapitel, thema, abschnitt, sección, capítulo, chapitre, "
    "sezione",
    "part": "part",
    "cloze": "cloze, cloze text",
    "choices": "choices, options, auswahl, opciones, choix, scelte",
}


def _plain(word: str) -> str:
    return re.sub(r"[\W_]+", " ", word).strip().casefold()


_COLUMN = {_plain(word): column for column, words in _WORDS.items() for word in words.split(",")}


def columns_of(cells: Sequence[str]) -> dict[str, int]:
    """Where each known column stands, if these cells are headings that name question and answer; else nothing."""
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        column = _COLUMN.get(_plain(cell))
        if column is not None:
            found.setdefault(column, index)
    return found if "prompt" in found and "answer" in found else {}
