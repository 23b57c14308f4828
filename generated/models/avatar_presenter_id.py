"""The API's `AvatarPresenterId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import AvatarPresenterId as AvatarPresenterId
