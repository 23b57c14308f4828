"""The API's `ErrorDetails`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TypeAlias

ErrorDetails: TypeAlias = "dict[str, str]"
"""Free-form data about a requirement. The keys are data too and are never renamed."""
