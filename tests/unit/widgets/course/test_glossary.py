"""The glossary compares each term with what the vocabulary compares it with, and every link to it leads somewhere."""

import re
from pathlib import Path

import pytest

from poetas import glossary_entries

ROOT = Path(__file__).resolve().parents[4]
VOCABULARY = {
    "consigna": "el comienzo que le das",
    "token": "pedacitos",
    "tokenizador": "la tijera",
    "parametro": "los millones de nudos de un tapiz",
    "conjunto": "el cuaderno de ejercicios",
    "reparto": "qué páginas del cuaderno guardamos para el examen",
    "entrenamiento": "estudiar",
    "validacion": "simulacro",
    "prueba": "el examen",
    "ajuste-fino": "un curso corto para quien ya sabe leer",
    "perdida": "la sorpresa del modelo ante tus textos",
    "tasa-de-aprendizaje": "el tamaño del paso",
    "tanda": "los ejercicios que hacés antes de mirar las respuestas",
    "epoca": "una vuelta entera al cuaderno",
    "sobreajuste": "saberse el cuaderno de memoria y fallar en el examen",
    "punto-de-guardado": "señalador",
    "adaptador": "notas al margen, sin reescribir el libro",
    "temperatura": "jugar al azar",
    "semilla": "repetir la misma tirada",
    "punto-de-comparacion": "sin esfuerzo",
    "intervalo": "entre cuánto y cuánto es razonable pensar que está, con los textos que tenés",
}


@pytest.mark.parametrize("term", VOCABULARY)
def test_a_term_is_compared_as_the_vocabulary_does(term):
    assert VOCABULARY[term] in glossary_entries.get(term).comparison.casefold()


def test_every_term_has_a_meaning_and_a_comparison_of_its_own():
    entries = [glossary_entries.get(term) for term in glossary_entries.terms()]
    assert len(entries) >= 45
    assert all(entry.meaning.endswith((".", "!")) and entry.comparison for entry in entries)
    assert len({entry.title for entry in entries}) == len({entry.comparison for entry in entries}) == len(entries)


def test_every_link_to_the_glossary_has_its_term_in_the_pages_and_in_the_notes():
    sources = [*(ROOT / "apps").glob("*.ipynb"), *(ROOT / "widgets" / "course" / "notes").glob("*.md")]
    links = {link for path in sources for link in re.findall(r"#glosa-([\w-]+)", path.read_text("utf-8"))}
    assert len(links) > 40
    assert links <= set(glossary_entries.terms())
