"""The API's `ExportDeliveryType`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

ExportDeliveryType: TypeAlias = Literal["SLACK_CHANNEL", "GOOGLE_DRIVE_FOLDER"] | str
"""Where to deliver an export. SLACK_CHANNEL needs `slack_channel_id`, GOOGLE_DRIVE_FOLDER needs
`google_drive_folder_id`.

Other values than the known ones may come, and are kept as they are.
"""
