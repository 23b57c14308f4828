"""The API's `CreateFileUrlImportRequest`, generated from openapi.yaml."""

from __future__ import annotations

from ..._model import OpenModel, model


@model
class CreateFileUrlImportRequest(OpenModel):
    """What to import from the web. Only the official client shows this call, and without its fields: even the name
    of the one for the source URL is not known. The object is therefore open and goes out as given."""

    __request__ = True
