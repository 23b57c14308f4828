"""The API's `SearchFilesRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import BOOLEAN, INTEGER, TEXT
from ..._model import UNSET, Field, Model, Unset, model


@model
class SearchFilesRequest(Model):
    """A search of files by meaning. Only files whose descriptions have been indexed can be found, so temporary ones
    never are."""

    query: str
    """What to look for, in plain words."""
    num_results: int | Unset = UNSET
    """The most results to return."""
    self_only: bool | Unset = UNSET
    """True searches only the files of the API key's own user, not the whole team's."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("query", "query", TEXT, required=True),
        Field("numResults", "num_results", INTEGER),
        Field("selfOnly", "self_only", BOOLEAN),
    )
