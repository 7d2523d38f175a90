"""Texts of the page template, listed for message collectors and translated; the template itself is in Spanish."""

from __future__ import annotations

from collections.abc import Callable

from poetas.environment import borrowed
from poetas.i18n import _ as translate
from poetas.i18n import language


def page_texts() -> dict[str, object]:
    """Return what the template reads as ``extensionConfig.poetas``.

    language: of the page. texts: Spanish text -> translation; those that are not translated are left out, so in
    Spanish it is empty. borrowed: whether it is another machine than the learner's, which the landing page says.

    >>> page_texts()["texts"]
    {}
    """
    pairs = ((text, translate(text)) for text in sources(str))
    texts = {text: translation for text, translation in pairs if text != translation}
    return {"language": language(), "texts": texts, "borrowed": borrowed()}


def sources(_: Callable[[str], str]) -> tuple[str, ...]:
    """Every text of the page template, each passed through ``_``, the name by which message collectors find it."""
    return (
        _("Acá no hay nada"),
        _(
            "La dirección no lleva a ninguna de las tres apps. Puede que le falte una letra, como a un verso mal "
            "copiado."
        ),
        _("Algo salió mal"),
        _("Esta página no se pudo abrir"),
        _("Algo salió mal de este lado, no del tuyo. Tus textos y lo que guardaste siguen en su lugar."),
        _("Volver al comienzo"),
        _("Código"),
        _("Pasos de esta app"),
        _("Abriendo la página…"),
        _("Paso"),
        _("Seguí donde quedaste:"),
        _("Paso {n} de {all}"),
        _("Ver"),
        _("Esta parte de la página no se pudo preparar."),
        _("Tus textos y lo que guardaste siguen en su lugar."),
        _("Volver a cargar la página"),
        _("La página no llegó entera. Tus textos y lo que guardaste siguen en su lugar."),
        _("Falta la llave"),
        _(
            "Para que nadie más entre, la dirección completa lleva una llave: la que termina en «token=…», en la "
            "terminal donde arrancaste el programa. Abrí esa dirección, o pegá la llave acá."
        ),
        _("Esa llave no abre. Fijate que esté entera."),
        _("La llave"),
        _("Entrar"),
        _("Saltar al contenido"),
        _("Las tres apps"),
        _("Proyecto"),
        _("Dónde corre esta página"),
        _("Ver el código"),
        _("Qué pasó con la red"),
        _("Qué necesita la red, y qué no"),
        _("Sí, la primera vez"),
        _("Sí, si lo pedís"),
        _("Nunca"),
        _("Traer un modelo a esta máquina"),
        _("Mirar la ficha de un modelo del Hub"),
        _("Leer y preparar tus textos"),
        _("Apostar, resumir y seguir tus textos"),
        _("Entrenar y tomar el examen"),
        _("Guardar lo que contestás y armar lo que te llevás"),
        _(
            "Tus textos se leen, se preparan y se entrenan en esta máquina. Acá figura cada descarga y cada "
            "intento de conexión que frenamos."
        ),
        _(
            "Esta máquina es prestada: tus textos están en una computadora ajena, al menos mientras dure la sesión. "
            "No traigas nada que no podrías mostrar. Acá figura cada descarga y cada intento de conexión que "
            "frenamos."
        ),
        _("Todavía no se descargó ni se frenó nada."),
        _("Cerrar"),
        _("Esta página necesita JavaScript para mostrar sus experimentos. Activalo y volvé a cargarla."),
        _("Un programa quiso conectarse y no lo dejamos."),
        _("{n} veces un programa quiso conectarse y no lo dejamos."),
        _(" (hecho)"),
        _(" (estás acá)"),
        _(", hasta"),
        _(", desde"),
        _("Volver a conectar"),
        _("Se perdió la conexión. Lo que estaba entrenando sigue, mientras la máquina esté prendida."),
        _(
            "El programa no contesta: la máquina está muy ocupada, o se cortó la conexión. Lo que estaba entrenando "
            "sigue, mientras la máquina esté prendida. Si vuelve, este aviso se va solo."
        ),
        _(
            "La red no deja que esta página hable con el programa: algo en el camino (un proxy, un antivirus) frena "
            "las conexiones WebSocket. Probá desde otra red, o mostrale este aviso a quien la administra."
        ),
        _(
            "A esta página le faltan partes: la máquina está muy ocupada y no llegaron todas. Lo que guardaste sigue "
            "ahí."
        ),
        _("El programa todavía no responde. Fijate que siga abierto donde lo arrancaste, y probá otra vez."),
        _("¿Por dónde empezamos?"),
        _(
            "Tres apps para conocer un modelo de lenguaje, preparar tus textos y enseñarle a trabajar con ellos. "
            "Sin programar."
        ),
        _("Tus textos no salen de la máquina."),
        _(
            "Esta máquina es prestada: lo que traigas queda en una computadora ajena, al menos mientras dure la "
            "sesión. No traigas nada que no podrías mostrar."
        ),
        _("Unos {minutes} minutos"),
        _("Abrir"),
        _("Otros cuadernos"),
        _("Preparando la página: {done} de {all}"),
        _("Sigo preparando la página. La primera vez tarda más."),
        _("Conocé"),
        _("Conocé los LLMs"),
        _("Qué es un modelo de lenguaje, cómo apuesta la próxima palabra, qué sabe hacer y qué no."),
        _("Prepará"),
        _("Prepará tus datos"),
        _("Traé tus textos, mirá cómo los lee el modelo, cuánto entra y qué guardás para el examen."),
        _("Entrená"),
        _("Entrená y evaluá"),
        _("Un curso corto para el modelo con tus textos, y una medida honesta de si mejoró."),
    )
