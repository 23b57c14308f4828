"""`GET /v1/projects`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import BOOLEAN, INTEGER, TEXT, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "listProjects",
    "GET",
    "/v1/projects",
    "read",
    rate=("projects.read", 2500),
    query_fields=(
        Field("limit", "limit", INTEGER),
        Field("cursor", "cursor", TEXT),
        Field("selfOnly", "self_only", BOOLEAN),
        Field("includeUiProjects", "include_ui_projects", BOOLEAN),
    ),
    result=ref("ListProjectsResponse"),
    items="projects",
    item_id="project_id",
)
