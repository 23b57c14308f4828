"""The API's `FileAnalysisMetadata`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import INTEGER, NUMBER, TEXT
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import AnalysisLoadingState


@model
class FileAnalysisMetadata(Model):
    """How far the analysis of a file has come. It runs after the upload and apart from it, so a file is usable
    before it ends; temporary files are never analysed."""

    analysis_loading_state: AnalysisLoadingState
    """State of the analysis; REJECTED is permanent."""
    analysis_progress_percentage: float
    """Progress in percent, 0 to 100; 100 when the state is FULFILLED."""
    analysis_attempt_index: int | None = None
    """Number of the attempt, counted from 0; only there while UNATTEMPTED or LOADING."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("analysisLoadingState", "analysis_loading_state", TEXT, required=True),
        Field("analysisProgressPercentage", "analysis_progress_percentage", NUMBER, required=True),
        Field("analysisAttemptIndex", "analysis_attempt_index", INTEGER),
    )
