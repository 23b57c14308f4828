"""The API's `RemixProjectResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._accepted import Accepted
from ..._codecs import TEXT, id_of, list_of
from ..._model import Field, model

if TYPE_CHECKING:
    from . import ProjectId, RemixActionId
    from . import RemixActionRun as RemixActionRun


@model
class RemixProjectResponse(Accepted["list[RemixActionRun]"]):
    """The jobs that a remix started. Follow them in the project's list of remix actions, by these ids alone: the
    list also holds every earlier action. They can't be cancelled, and no webhook reports them."""

    project_id: ProjectId
    """The project being edited; with save_as_new_project, the copy."""
    project_url: str
    """Page of that project in the VideoGen app."""
    remix_action_ids: list[RemixActionId]
    """One id for each action, in the order of the request."""
    __kind__ = "RemixActionId"
    __id__ = "remix_action_ids"
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("projectId", "project_id", id_of("ProjectId"), required=True),
        Field("projectUrl", "project_url", TEXT, required=True),
        Field("remixActionIds", "remix_action_ids", list_of(id_of("RemixActionId")), required=True),
    )

    @property
    def id(self) -> RemixActionId:
        """The first of the ids; `remix_action_ids` holds them all."""
        return self.remix_action_ids[0]
