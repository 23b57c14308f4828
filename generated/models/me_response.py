"""The API's `MeResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, id_of
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ApiKeyId, TeamId


@model
class MeResponse(Model):
    """Whose API key this is. Fetching it is the plain way to test a key."""

    api_key_id: ApiKeyId
    """Id of the API key; not the secret itself."""
    api_key_nickname: str
    """Name the key was given."""
    email: str
    """E-mail address of the user the key belongs to."""
    display_name: str | None
    """Name of that user; null if unset."""
    team_id: TeamId
    """Team the key belongs to; lists show its items."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("apiKeyId", "api_key_id", id_of("ApiKeyId"), required=True),
        Field("apiKeyNickname", "api_key_nickname", TEXT, required=True),
        Field("email", "email", TEXT, required=True),
        Field("displayName", "display_name", TEXT, required=True, nullable=True),
        Field("teamId", "team_id", id_of("TeamId"), required=True),
    )
