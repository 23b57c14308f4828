"""The API's `FileSourceStatus`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

FileSourceStatus: TypeAlias = Literal["pending", "ready", "failed", "skipped"] | str
"""State of one rendition. pending may mean still being made or merely not hydrated yet; skipped means it does
not apply and is no failure.

Other values than the known ones may come, and are kept as they are.
"""
