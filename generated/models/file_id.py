"""The API's `FileId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import FileId as FileId
