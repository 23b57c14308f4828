"""The API's `ExportDeliveryDestination`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, id_of
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import ExportDeliveryType, IntegrationConnectionId


@model
class ExportDeliveryDestination(Model):
    """A Slack channel or Google Drive folder that receives an export."""

    integration_connection_id: IntegrationConnectionId
    """The connection to Slack or Google Drive to deliver through."""
    type: ExportDeliveryType
    slack_channel_id: str | None | Unset = UNSET
    """The channel; required when type is SLACK_CHANNEL."""
    google_drive_folder_id: str | None | Unset = UNSET
    """The folder; required when type is GOOGLE_DRIVE_FOLDER."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("integrationConnectionId", "integration_connection_id", id_of("IntegrationConnectionId"), required=True),
        Field("type", "type", TEXT, required=True),
        Field("slackChannelId", "slack_channel_id", TEXT, nullable=True),
        Field("googleDriveFolderId", "google_drive_folder_id", TEXT, nullable=True),
    )
