"""Labels and descriptions of the hyperparameters: what each is called, what it does, what happens at either end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from poetas.i18n import _


@dataclass(frozen=True, slots=True)
class ParameterDoc:
    """Texts about a hyperparameter, translated.

    label: its plain word, and the field's in parentheses. what: Markdown that leads to the glossary. low, high: its
    effect at that end of the range ("" for hidden ones).
    """

    label: str
    unit: str
    what: str
    low: str = ""
    high: str = ""


def parameter_doc(name: str) -> ParameterDoc:
    """Return the texts about a field of `TrainingConfig`. Raises KeyError for a name that is none.

    >>> parameter_doc("epochs").label
    'Vueltas al cuaderno (épocas)'
    """
    return {**_shown(), **_hidden()}[name]


def _shown() -> Mapping[str, ParameterDoc]:
    return {
        "epochs": ParameterDoc(
            _("Vueltas al cuaderno (épocas)"),
            _("vueltas"),
            _("Cuántas veces repasa todos tus textos. Cada vuelta entera es una [época](#glosa-epoca)."),
            _("Con muy pocas, apenas llega a ver qué le pedís."),
            _("Con demasiadas, se aprende el cuaderno de memoria y falla con textos nuevos. Y tarda más."),
        ),
        "learning_rate": ParameterDoc(
            _("Tamaño del paso (tasa de aprendizaje)"),
            "",
            _(
                "Cuánto cambia cada vez que corrige un error: en los libros, su "
                "[tasa de aprendizaje](#glosa-tasa-de-aprendizaje)."
            ),
            _("Si es muy chico, casi no aprende en el tiempo que le das."),
            _("Si es muy grande, pisa lo que ya sabía: la pérdida salta, o deja de ser un número."),
        ),
        "batch_size": ParameterDoc(
            _("Textos por corrección (tanda)"),
            _("textos"),
            _("Cuántos textos mira antes de corregirse: son una [tanda](#glosa-tanda)."),
            _("De a uno, corrige más veces y usa menos memoria, pero cada corrección depende de un solo texto."),
            _("De a muchos, cada corrección es más segura, hay menos y hace falta más memoria."),
        ),
        "lora_rank": ParameterDoc(
            _("Lugar para sus notas (rango del adaptador)"),
            _("columnas"),
            _(
                "Lo que aprende lo anota al margen, en un [adaptador](#glosa-adaptador). El [rango](#glosa-rango) dice "
                "cuánto lugar tiene."
            ),
            _("Con poco lugar anota lo principal: el tono, el largo, el formato."),
            _("Con mucho lugar puede anotar más, y también copiar de memoria. Ocupa más memoria y disco."),
        ),
        "longest": ParameterDoc(
            _("Pedacitos por texto (tokens)"),
            _("pedacitos"),
            _(
                "Hasta cuántos [tokens](#glosa-token) lee de una vez. De un texto más largo no ve el final, o lo "
                "estudia en ventanas de este largo."
            ),
            _("Muy corto: ocupa poca memoria, pero aprende de textos que leyó por la mitad, o en ventanas chicas."),
            _("Muy largo: lee todo; los textos largos tardan más y usan más memoria."),
        ),
    }


def _hidden() -> Mapping[str, ParameterDoc]:
    return {
        "alpha_ratio": ParameterDoc(_("Fuerza del adaptador"), "", _("Por cuánto se multiplican las notas al margen.")),
        "dropout": ParameterDoc(
            _("Olvido al azar"), "", _("Qué parte del adaptador se tapa en cada corrección, contra el copiado.")
        ),
        "warmup": ParameterDoc(
            _("Entrada en calor"), "", _("Qué parte de las correcciones lleva llegar al paso entero.")
        ),
        "weight_decay": ParameterDoc(
            _("Freno de los pesos"), "", _("Cuánto se achica el adaptador en cada corrección.")
        ),
        "clip": ParameterDoc(_("Paso máximo"), "", _("Tope al tamaño de una corrección; 0 es sin tope.")),
        "seed": ParameterDoc(
            _("Semilla"), "", _("Con la misma semilla, la misma máquina repite el mismo entrenamiento.")
        ),
        "evaluate_every": ParameterDoc(
            _("Simulacro cada"), _("épocas"), _("Cada cuánto se mide con textos que no estudia.")
        ),
        "sample_every": ParameterDoc(
            _("Muestra cada"), _("simulacros"), _("Cada cuántos simulacros escribe ejemplos.")
        ),
        "save_minutes": ParameterDoc(
            _("Guardar cada"), _("minutos"), _("Cada cuánto deja un señalador, además de al medir.")
        ),
        "accumulate": ParameterDoc(
            _("Tanda en partes"),
            _("partes"),
            _("En cuántas partes se mira una tanda: menos memoria; 0 es las que hagan falta."),
        ),
        "recompute": ParameterDoc(
            _("Ahorrar memoria"), "", _("Vuelve a hacer cuentas en lugar de recordarlas: tarda más.")
        ),
        "precision": ParameterDoc(_("Precisión"), "", _("Con cuántos bits hace las cuentas.")),
        "processes": ParameterDoc(_("Procesos"), "", _("Cuántos entrenan a la vez; 0 es uno por placa de video.")),
    }
