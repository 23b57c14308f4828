"""`GET /v1/me`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation("getMe", "GET", "/v1/me", "read", result=ref("MeResponse"))
