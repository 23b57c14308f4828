"""The API's `ProjectResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, TIME, id_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import AspectRatio, AssistantId, ProjectId, ProjectStatus


@model
class ProjectResponse(Model):
    """A video project. Its status has words of its own and is not a job status."""

    project_id: ProjectId
    """This project."""
    assistant_id: AssistantId | None
    """The assistant that belongs to the project; null for older projects."""
    title: str
    aspect_ratio: AspectRatio
    status: ProjectStatus
    created_at: int
    """When it was made, in Unix seconds, UTC; older answers held ISO 8601 text, so accept both."""
    updated_at: int
    """When it was last changed, in Unix seconds, UTC; older answers held ISO 8601 text."""
    project_url: str
    """The project's page in the VideoGen app."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("projectId", "project_id", id_of("ProjectId"), required=True),
        Field("assistantId", "assistant_id", id_of("AssistantId"), required=True, nullable=True),
        Field("title", "title", TEXT, required=True),
        Field("aspectRatio", "aspect_ratio", ref("AspectRatio"), required=True),
        Field("status", "status", TEXT, required=True),
        Field("createdAt", "created_at", TIME, required=True),
        Field("updatedAt", "updated_at", TIME, required=True),
        Field("projectUrl", "project_url", TEXT, required=True),
    )
