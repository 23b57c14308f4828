"""The API's `FileImportId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import FileImportId as FileImportId
