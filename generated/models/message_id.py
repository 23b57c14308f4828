"""The API's `MessageId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import MessageId as MessageId
