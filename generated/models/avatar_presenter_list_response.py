"""The API's `AvatarPresenterListResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import AvatarPresenter


@model
class AvatarPresenterListResponse(Model):
    """A page of avatar presenters, superseded by ACTOR entities. In May 2026 it held avatar_presenters only; the
    paging fields came in July 2026."""

    avatar_presenters: list[AvatarPresenter]
    has_more: bool | None = None
    """Whether another page follows; take its absence as false."""
    next_cursor: str | None = None
    """Cursor of the next page; null when has_more is false, and absent from the oldest answers."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("avatarPresenters", "avatar_presenters", list_of(ref("AvatarPresenter")), required=True),
        Field("hasMore", "has_more", BOOLEAN),
        Field("nextCursor", "next_cursor", TEXT, nullable=True),
    )
