"""The API's `ExportId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import ExportId as ExportId
