"""Errors of a folder that should hold a model, each with its card."""

from __future__ import annotations

from pathlib import Path

from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.models.errors import WrongChecksum


class NoModelInFolder(PoetasError):
    """There is no folder, or no whole model in it, or another one than was asked for."""

    code = "no-model-in-folder"


def _card(what: str, why: str, remedy: str) -> NoModelInFolder:
    return NoModelInFolder(what, why=why, remedy=remedy, action="choose-model")


def folder_missing(folder: Path) -> NoModelInFolder:
    """The card for a path where there is nothing."""
    return _card(
        _("No encuentro la carpeta {folder}.").format(folder=folder),
        _("Ahí tendría que estar el modelo."),
        _("Fijate cómo está escrita y, si está en otro disco o en un pendrive, que esté conectado."),
    )


def model_gone(name: str) -> NoModelInFolder:
    """The card for a model that was on this machine when it was chosen, and whose folder is gone."""
    return _card(
        _("El modelo {name} ya no está en esta máquina.").format(name=name[:80]),
        _("Su carpeta se borró o cambió de lugar después de que lo elegiste."),
        _("Traelo de nuevo desde la app 1, o elegí otro."),
    )


def not_a_folder(path: Path) -> NoModelInFolder:
    """The card for a file (of weights, perhaps) where its folder was expected."""
    return _card(
        _("{path} no es una carpeta.").format(path=path),
        _("Un modelo son varios archivos juntos, y hace falta la carpeta que los tiene."),
        _("Si el modelo está al lado de ese archivo, poné {folder}.").format(folder=path.parent),
    )


def folder_empty(folder: Path) -> NoModelInFolder:
    """The card for a folder with nothing in it."""
    return _card(
        _("La carpeta {folder} está vacía.").format(folder=folder),
        _("Ahí tendría que estar el modelo."),
        _("Copiá ahí los archivos del modelo, o elegí otra carpeta."),
    )


def folder_lacks(folder: Path, part: str) -> NoModelInFolder:
    """The card for a folder that holds only a part of a model. part: what is not there, in words."""
    return _card(
        _("En la carpeta {folder} no hay un modelo entero.").format(folder=folder),
        _("Falta {part}.").format(part=part),
        _("Copiá ahí todos los archivos del modelo y volvé a intentar."),
    )


def folder_links_outside(folder: Path, names: str) -> NoModelInFolder:
    """The card for a folder with links to files elsewhere on the machine. names: of the links."""
    return _card(
        _("En la carpeta {folder} hay enlaces a otros lugares de la máquina.").format(folder=folder),
        _("Llevan afuera de la carpeta: {names}. Un modelo tiene que traer sus propios archivos.").format(names=names),
        _("Copiá ahí los archivos mismos, no enlaces, y volvé a intentar."),
    )


def unnamed_folder(folder: Path) -> NoModelInFolder:
    """The card for a folder whose name cannot be a model's, where no other was given."""
    return _card(
        _("«{name}» no puede ser el nombre de un modelo.").format(name=folder.name),
        _("Si no se dice otro, el modelo se llama como su carpeta."),
        _("Decí cómo se va a llamar: poetas fetch MODELO --folder «{folder}».").format(folder=folder),
    )


def another_model(folder: Path, asked: str, actual: str) -> NoModelInFolder:
    """The card for a folder whose record says that it holds another model than the one that was asked for."""
    return _card(
        _("En la carpeta {folder} está otro modelo.").format(folder=folder),
        _("Pediste {asked}, y ahí dice que es {actual}.").format(asked=asked, actual=actual),
        _("Pedilo por su nombre, o elegí otra carpeta."),
    )


def folder_not_given(model: str) -> NoModelInFolder:
    """The card for a job that is to take a model out of a folder that the starting process does not name."""
    return _card(
        _("No sé en qué carpeta está {model}.").format(model=model[:80]),
        _("El trabajo no la guarda, para que nadie la cambie: la dice cada vez quien da la orden."),
        _("Repetí la orden: poetas fetch MODELO --folder CARPETA."),
    )


def not_in_folders(title: str) -> NoModelInFolder:
    """The card for a model that comes from a folder alone, where none of those that were named has it."""
    return _card(
        _("No tengo de dónde traer {title}.").format(title=title),
        _("Sale de una carpeta, y no está en ninguna de las que nombra POETAS_MODEL_FOLDERS."),
        _("Fijate que el disco o el pendrive donde está esté conectado, o elegí otro modelo."),
    )


def wrong_copy(name: str, expected: str, actual: str) -> WrongChecksum:
    """The card for a file that is not, byte for byte, what the catalogue expects of a model by that name."""
    return WrongChecksum(
        _("{name} no es el archivo que esperaba.").format(name=name),
        why=_("Su huella no coincide con la del catálogo: se dañó al copiarlo, o es de otro modelo."),
        remedy=_("No lo toqué, y no lo voy a usar. Copialo de nuevo o, si es otro modelo, ponele otro nombre."),
        action="retry",
        detail=f"sha256 of {name}: expected {expected}, got {actual}",
    )
