"""The glossary compares each term with what the house's vocabulary compares it with."""

import pytest

from poetas import glossary_entries

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
