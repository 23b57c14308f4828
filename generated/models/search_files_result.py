"""The API's `SearchFilesResult`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import NUMBER, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import FileInfo


@model
class SearchFilesResult(Model):
    """One file found by a search, with its score."""

    similarity: float
    """Cosine similarity to the query, 0 to 1; above 0.7 is a strong match."""
    file: FileInfo
    """The file found; hydrate it if its links are missing or expired."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("similarity", "similarity", NUMBER, required=True),
        Field("file", "file", ref("FileInfo"), required=True),
    )
