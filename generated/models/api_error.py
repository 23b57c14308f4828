"""The API's `ApiError`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ErrorRequirement


@model
class ApiError(Model):
    """Why a call or a job failed; statuses are 400, 401, 403, 404, 409, 429 and 5xx. Classify by HTTP status first,
    then by `code`, which may be missing. A 429 means either rate_limited, which may be waited out, or
    insufficient_credits, which may not."""

    message: str
    """Explanation for people; do not branch on it."""
    code: str | None = None
    """Kind of error in snake_case: invalid_request, invalid_api_key, not_authorized, not_found,
    insufficient_credits, rate_limited, or one not named here. Null or absent when none applies."""
    requirement: ErrorRequirement | None = None
    """What would put it right; null or absent when nothing in particular would."""
    internal_error_code: str | None = None
    """Code to quote to VideoGen's support; null or absent when there is none."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("message", "message", TEXT, required=True),
        Field("code", "code", TEXT, nullable=True),
        Field("requirement", "requirement", ref("ErrorRequirement"), nullable=True),
        Field("internalErrorCode", "internal_error_code", TEXT, nullable=True),
    )
