"""The API's `InterchangeJobId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import InterchangeJobId as InterchangeJobId
