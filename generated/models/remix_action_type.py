"""The API's `RemixActionType`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

RemixActionType: TypeAlias = (
    Literal[
        "SET_BACKGROUND_MUSIC",
        "SET_LOGO",
        "ENABLE_CAPTIONS",
        "DISABLE_CAPTIONS",
        "ADD_TRANSITIONS",
        "ADD_ZOOM",
        "RESIZE_PROJECT",
        "CLEAN_UP_TRANSCRIPT",
        "CONVERT_IMAGES_TO_VIDEOS",
        "REGENERATE_IMAGES",
        "UPSCALE_ASSETS",
        "CHANGE_NARRATOR",
        "SHUFFLE_STOCK_VISUALS",
        "GENERATE_MUSIC",
        "TRANSLATE_PROJECT",
    ]
    | str
)
"""The kinds of edit a remix can make. EDIT_WITH_AGENT and SET_LOGO_POSITION are gone and should not be sent;
when reading, let unknown kinds pass.

Other values than the known ones may come, and are kept as they are.
"""
