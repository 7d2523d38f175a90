"""Words that tell whether a capitalised word that opens a sentence is a name: given names, verbs, and common openers.

A Spanish noun that opens a sentence has an article before it; a word alone before a verb is a name, a
pronoun, an adverb or the noun of a headline ("Incendio destruyó…"). The tables hold the last three and, of the first,
those that are no other word.
"""

from __future__ import annotations

import re

from poetas.evaluation.words import word_set

# Words that open a sentence in capitals before a name, without being part of it ("Ayer Messi…", "Según Clarín…").
OPENING = word_set("""
    a adonde adónde al algo alguien alguna algunas alguno algunos algún allá allí ambas ambos anoche ante anteayer
    anteanoche antes apenas aquel aquella aquellas aquello aquellos aquí arriba abajo adelante adentro afuera atrás
    así asimismo aun aunque aún ayer acaso acá ahora además bajo bastante bien cada casi cerca como con contra cual
    cualquier cualquiera cuando cuanto cuatro cuál cuáles cuándo cuánta cuántas cuánto cuántos cómo de debajo del
    delante demasiado dentro desde después detrás donde dos durante dónde e el ella ellas ello ellos en encima
    enfrente enseguida entonces entre era es esa esas ese eso esos esta estas este esto estos está están excepto fue
    fuera gracias hacia hasta hay hoy igual incluso jamás la las le lejos les lo los luego mal mañana mediante mejor
    menos mi mientras mis misma mismo mucha muchas mucho muchos muy más me nada nadie ni ninguna ninguno ningún no
    nos nosotros nuestra nuestras nuestro nuestros nunca o ojalá otra otras otro otros para peor pero poca pocas
    poco pocos por porque primera primero pronto pues que quien quienes quizá quizás quién quiénes qué recién se
    según segunda segundo si siempre sin sino sobre solo sólo su sus sí tal también tampoco tan tanta tantas tanto
    tantos tarde te temprano tercera tercero toda todas todavía todo todos tras tres tu tus tú un una unas uno unos
    usted ustedes varias varios vos y ya yo él about after all an and another any are as at because before both but
    by during each every for from he her his how i if in into is it its my next no not of off on one or our over she
    since some that the their then there these they this those through to today tomorrow two under until was we what
    when where while who why with yesterday you your
    """)
# Forms of address: no part of a name, also where they stand within a sentence.
TITLES = word_set("""
    don doña señor señora señorita señores señoras sr sra srta dr dra doctor doctora lic ing prof profesor profesora
    maestro maestra padre hermano hermana fray sor san santa santo mr mrs ms miss sir lady
    """)
# Nouns and proper words of time that stand without an article in headlines, in letters and in dates.
BARE_NOUNS = word_set("""
    gobierno policía justicia congreso senado municipio municipalidad provincia nación ciudad pueblo barrio equipo
    hombre mujer niño niña chico chica joven anciano anciana vecino vecina gente mundo persona familia intendente
    intendenta presidente presidenta gobernador gobernadora ministro ministra juez jueza fiscal docente médico
    médica empresa banco club escuela hospital universidad biblioteca museo teatro iglesia tren camión auto avión
    barco incendio lluvia tormenta viento nieve granizo sequía accidente choque sismo terremoto paro huelga marcha
    protesta fiesta feria festival torneo concurso campeonato final mamá papá mami papi abuelo abuela nono nona tío
    tía hijo hija madre hermano hermana primo prima amor dios cielo sol luna mar río noche día tarde medianoche
    mediodía primavera verano otoño invierno lunes martes miércoles jueves viernes sábado domingo enero febrero
    marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre tiempo vida muerte silencio
    agua fuego tierra aire perro gato pájaro caballo texto resumen título nota noticia autor autora poema cuento
    carta internet
    """)
_NOUN_ENDINGS = re.compile(
    r"(?:ci[oó]n|si[oó]n|dad|tad|miento|mente|ncia|aje|ismo|ista|[aeiou]dor|[aeiou]dora|ando|iendo|yendo|[aá]ndo\w*"
    r"|iéndo\w*|[ai]d[oa]s?|[aei]r|[aeáéí]r(?:me|te|se|lo|la|los|las|le|les|nos))$"
)
# Third person singular: the preterite by its ending, the imperfect by the longer of its endings, and common verbs.
_VERB_ENDINGS = re.compile(r"[^\W\d_]{2,}(?:ó|aba|[aei]rá|ecía|ibía)$")
_VERBS = word_set("""
    dijo hizo fue era puso tuvo quiso pudo vino trajo dio vio supo estuvo anduvo condujo tradujo produjo propuso
    mantuvo obtuvo detuvo contuvo sostuvo retuvo rehízo dispuso expuso impuso compuso es está estaba va iba ha había
    tiene quiere puede debe hace dice pide sabe viene vive sale cree sigue vuelve vende cuenta canta enseña decía
    tenía venía quería podía sabía vivía hacía salía seguía pedía volvía debía organiza explica propone anuncia
    denuncia reclama celebra recuerda busca encuentra pierde gana trabaja escribe habla muere nace llega abre cierra
    compra construye invita presenta lucha sueña siente espera llama prepara ofrece será fuera podría debería
    seguirá irá
    """)
# Between a name and its verb.
_BETWEEN = word_set("""
    se no le les ya también nunca jamás nos me te lo siempre tampoco casi apenas
    """)


def is_verb(word: str) -> bool:
    """Tell whether a word looks like a verb in the third person singular.

    >>> [is_verb(word) for word in ("pidió", "cantaba", "dijo", "roja", "policía")]
    [True, True, True, False, False]
    """
    return word in _VERBS or _VERB_ENDINGS.fullmatch(word) is not None


def is_common(word: str) -> bool:
    """Tell whether a word that opens a sentence without an article may well be no name.

    >>> [is_common(word) for word in ("incendio", "construcción", "finalmente", "cantar", "mafalda")]
    [True, True, True, True, False]
    """
    return word in OPENING or word in TITLES or word in BARE_NOUNS or _NOUN_ENDINGS.search(word) is not None


def before_a_verb(following: list[str]) -> bool:
    """Tell whether the words that follow a possible name go on as a sentence about it does.

    >>> before_a_verb(["pidió"]), before_a_verb(["no", "quiso"]), before_a_verb(["de", "pidió"])
    (True, True, False)
    """
    rest = following[1:] if following[:1] and following[0] in _BETWEEN else following
    return bool(rest) and is_verb(rest[0])
