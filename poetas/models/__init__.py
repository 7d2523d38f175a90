"""Models: catalogue, sources, fetching and conversion.

Importing this imports neither torch nor transformers nor the Hub's client, and touches no network.
"""

from __future__ import annotations

from poetas.models.catalogue import DEFAULT, DEFAULT_WITHOUT_CLICK, Catalogue
from poetas.models.entry import ModelEntry
from poetas.models.errors import (
    BrokenModel,
    GatedModel,
    LicenceNotAccepted,
    NoNetwork,
    UnknownModel,
    UnsafeWeights,
    UnsupportedModel,
    WrongChecksum,
)
from poetas.models.fetch import current_fetch, has_token, save_token, start_fetch, start_inquiry
from poetas.models.folder_errors import NoModelInFolder
from poetas.models.licences import accept_licence, licence_accepted
from poetas.models.model_store import Record, folder_name, is_ready, model_folder, ready_models
from poetas.models.sources.base import Source

__all__ = [
    "DEFAULT",
    "DEFAULT_WITHOUT_CLICK",
    "BrokenModel",
    "Catalogue",
    "GatedModel",
    "LicenceNotAccepted",
    "ModelEntry",
    "NoModelInFolder",
    "NoNetwork",
    "Record",
    "Source",
    "UnknownModel",
    "UnsafeWeights",
    "UnsupportedModel",
    "WrongChecksum",
    "accept_licence",
    "current_fetch",
    "folder_name",
    "has_token",
    "is_ready",
    "licence_accepted",
    "model_folder",
    "ready_models",
    "save_token",
    "start_fetch",
    "start_inquiry",
]
