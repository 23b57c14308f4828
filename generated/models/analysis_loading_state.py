"""The API's `AnalysisLoadingState`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

AnalysisLoadingState: TypeAlias = Literal["UNATTEMPTED", "LOADING", "FULFILLED", "REJECTED"] | str
"""State of a file's analysis, from UNATTEMPTED through LOADING to FULFILLED or REJECTED. REJECTED is permanent.

Other values than the known ones may come, and are kept as they are.
"""
