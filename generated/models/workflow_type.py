"""The API's `WorkflowType`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

WorkflowType: TypeAlias = (
    Literal[
        "SCRIPT_TO_VIDEO", "VOICEOVER_TO_VIDEO", "SLIDESHOW_TO_VIDEO", "STORYBOARD_TO_VIDEO", "PROMPT_TO_VIDEO_CLIP"
    ]
    | str
)
"""Workflow a run belongs to. STORYBOARD_TO_VIDEO can no longer be started but may still be read; an unlisted
value is kept as received.

Other values than the known ones may come, and are kept as they are.
"""
