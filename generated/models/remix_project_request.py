"""The API's `RemixProjectRequest`, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, list_of, ref
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import RemixAction


@model
class RemixProjectRequest(Model):
    """Edits to make to an existing project, each run as a job of its own."""

    remix_actions: Sequence[RemixAction]
    """The actions in order, at least one."""
    save_as_new_project: bool | Unset = UNSET
    """Edit a copy and leave this project as it is; false when omitted."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("remixActions", "remix_actions", list_of(ref("RemixAction")), required=True),
        Field("saveAsNewProject", "save_as_new_project", BOOLEAN),
    )
