"""The API's `SearchFilesResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import SearchFilesResult


@model
class SearchFilesResponse(Model):
    """Files found, the best match first. There are no further pages."""

    results: list[SearchFilesResult]
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("results", "results", list_of(ref("SearchFilesResult")), required=True),
    )
