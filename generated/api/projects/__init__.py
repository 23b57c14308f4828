"""The operations of the group Projects, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ...._operation import Group, Page

if TYPE_CHECKING:
    from ...models import (
        CreateTimelineInterchangeRequest,
        CreateTimelineInterchangeResponse,
        EndScreenMode,
        ExportDeliveryDestination,
        ExportId,
        ExportProjectQuality,
        ExportProjectRequest,
        ExportProjectResponse,
        InterchangeJobId,
        ListProjectExportsResponse,
        ListProjectsResponse,
        ListRemixActionsResponse,
        ProjectExport,
        ProjectId,
        ProjectResponse,
        RemixAction,
        RemixActionRun,
        RemixProjectRequest,
        RemixProjectResponse,
        TimelineInterchange,
        TimelineInterchangeFormat,
        TimelineInterchangeMediaDelivery,
        WatermarkMode,
    )


class Projects(Group):
    """The operations of the group Projects."""

    __slots__ = ()
    _package = __name__

    def list_projects(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        self_only: bool | None = None,
        include_ui_projects: bool | None = None,
    ) -> Page[ListProjectsResponse, ProjectResponse]:
        """List projects.

        Most recently updated first; the team's projects unless `self_only` is true. Since the order follows
        changes, a project may move while you page, so expect to meet one twice. `include_ui_projects` is
        sent as documented, but the server may ignore it: by the official client it is deprecated and
        projects made in the app are always listed. One limit of 2,500 requests an hour per API key covers
        listing and reading projects.

        Args:
            limit: How many items a page may hold, from 1 to 200; 50 if omitted.
            cursor: The `next_cursor` of the page before, passed on unchanged; omit it for the first page. It is
                opaque and belongs to this endpoint: one from another endpoint is answered with 400. Keep
                the filters the same from page to page, as what happens otherwise is not documented.
            self_only: True lists only your own items; otherwise the list holds those of the whole team.
            include_ui_projects: True also lists projects made in the web app. The server may ignore this and always list
                them, as the official client says it does.
        """
        return self._page(
            "list_projects",
            (),
            {"limit": limit, "cursor": cursor, "self_only": self_only, "include_ui_projects": include_ui_projects},
        )

    async def get_project(self, project_id: ProjectId) -> ProjectResponse:
        """Read a project.

        The project's `status` is `generating` or `ready`, which is not the status of a job: to wait for a
        build, poll its run with `get_workflow_run`. A project that a failed run left behind exists and can
        be edited, though it may be empty. One limit of 2,500 requests an hour per API key covers listing
        and reading projects.

        Args:
            project_id: The project's id (`vg_proj_…`).
        """
        return await self._call("get_project", (project_id,))

    @overload
    async def export_project(self, project_id: ProjectId, request: ExportProjectRequest) -> ExportProjectResponse: ...

    @overload
    async def export_project(
        self,
        project_id: ProjectId,
        *,
        quality: ExportProjectQuality = ...,
        watermark_mode: WatermarkMode = ...,
        end_screen_mode: EndScreenMode = ...,
        delivery_destinations: Sequence[ExportDeliveryDestination] = ...,
    ) -> ExportProjectResponse: ...

    async def export_project(
        self, project_id: ProjectId, request: ExportProjectRequest | None = None, **fields: Any
    ) -> ExportProjectResponse:
        """Render a project to an MP4 file.

        Starts an export; wait by polling `get_project_export` with both ids or for a `project_export.*`
        webhook, and let remix actions finish first. No call cancels an export. Exporting through the API
        needs no paid plan, but with `AUTO` a watermark and an end screen are added unless you are on the
        Pro plan, and asking for `NONE` without it is an error. Every call starts another export, so do not
        repeat it blindly; the limit is 500 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            project_id: The project's id (`vg_proj_…`).
            quality: Resolution tier; the default is not published.
            watermark_mode: Watermark on the video; AUTO when omitted, which marks it unless you have Pro. NONE needs
                Pro.
            end_screen_mode: End screen; AUTO when omitted, which adds it unless you have Pro. NONE needs Pro.
            delivery_destinations: Where to deliver this export, besides the destinations the team has saved.
        """
        return await self._call("export_project", (project_id,), body=request, fields=fields)

    def list_project_exports(
        self, project_id: ProjectId, *, limit: int | None = None, cursor: str | None = None
    ) -> Page[ListProjectExportsResponse, ProjectExport]:
        """List a project's exports.

        Newest first. Signed URLs within an hour of expiry are renewed, according to the description of this
        call; the documentation's index speaks of ids only, so fall back on `get_project_export` if an entry
        comes without its URL. No rate limit is documented for this list.

        Args:
            project_id: The project's id (`vg_proj_…`).
            limit: How many items a page may hold, from 1 to 200; 50 if omitted.
            cursor: The `next_cursor` of the page before, passed on unchanged; omit it for the first page. It is
                opaque and belongs to this endpoint: one from another endpoint is answered with 400. Keep
                the filters the same from page to page, as what happens otherwise is not documented.
        """
        return self._page("list_project_exports", (project_id,), {"limit": limit, "cursor": cursor})

    async def get_project_export(self, project_id: ProjectId, export_id: ExportId) -> ProjectExport:
        """Read an export of a project.

        The export is over when `status` is `succeeded`, `failed` or `cancelled`; the file and its URLs are
        null before that. Signed URLs last 7 days and are renewed by this call within an hour of expiry, yet
        some passages still say 24 hours, so go by `download_url_expires_at`. If a succeeded export has no
        `download_url` yet, read it again a little later. One limit of 5,000 requests an hour per API key
        covers the reading of all exports.

        Args:
            project_id: The project's id (`vg_proj_…`).
            export_id: The export's id (`vg_expo_…`).
        """
        return await self._call("get_project_export", (project_id, export_id))

    @overload
    async def create_timeline_interchange(
        self, project_id: ProjectId, request: CreateTimelineInterchangeRequest
    ) -> CreateTimelineInterchangeResponse: ...

    @overload
    async def create_timeline_interchange(
        self,
        project_id: ProjectId,
        *,
        format: TimelineInterchangeFormat = ...,
        media_delivery: TimelineInterchangeMediaDelivery = ...,
    ) -> CreateTimelineInterchangeResponse: ...

    async def create_timeline_interchange(
        self, project_id: ProjectId, request: CreateTimelineInterchangeRequest | None = None, **fields: Any
    ) -> CreateTimelineInterchangeResponse:
        """Convert a project's timeline for another video editor.

        Starts an interchange job; wait by polling `get_timeline_interchange` with its id alone, without the
        project's. There is no list, no cancel and no webhook for these jobs, so keep the id. The body may
        be left out, in which case the server picks the format and how media are delivered. Every call
        starts another job; no rate limit is documented.

        Args:
            request: The whole body as one object, instead of the keywords below.
            project_id: The project's id (`vg_proj_…`).
        """
        return await self._call("create_timeline_interchange", (project_id,), body=request, fields=fields)

    async def get_timeline_interchange(self, interchange_job_id: InterchangeJobId) -> TimelineInterchange:
        """Read a timeline interchange job.

        The job is over when `status` is `succeeded`, `failed` or `cancelled`, and only polling tells, as no
        webhook is sent. The signed URL lasts 7 days and is renewed by this call within an hour of expiry;
        one passage still says 24 hours, so go by `download_url_expires_at`. Later you can also get a fresh
        URL by passing `interchange_file_id` to `hydrate_file`. No rate limit is documented.

        Args:
            interchange_job_id: The id of the timeline interchange job (`vg_inte_…`).
        """
        return await self._call("get_timeline_interchange", (interchange_job_id,))

    @overload
    async def remix_project(self, project_id: ProjectId, request: RemixProjectRequest) -> RemixProjectResponse: ...

    @overload
    async def remix_project(
        self, project_id: ProjectId, *, remix_actions: Sequence[RemixAction], save_as_new_project: bool = ...
    ) -> RemixProjectResponse: ...

    async def remix_project(
        self, project_id: ProjectId, request: RemixProjectRequest | None = None, **fields: Any
    ) -> RemixProjectResponse:
        """Apply remix actions to a project.

        Starts one job per action, in the given order, and answers with their ids: poll
        `list_project_remix_actions` and look at those ids only, for there is no call for a single action,
        no cancel and no webhook. An action that finds nothing to work on is skipped and counts as
        succeeded. With `save_as_new_project` the actions go to a copy, and the `project_id` in the answer
        is that of the copy. Repeating the call applies the actions again and may bill again; the limit is
        500 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            project_id: The project's id (`vg_proj_…`).
            remix_actions: The actions in order, at least one.
            save_as_new_project: Edit a copy and leave this project as it is; false when omitted.
        """
        return await self._call("remix_project", (project_id,), body=request, fields=fields)

    def list_project_remix_actions(
        self, project_id: ProjectId, *, limit: int | None = None, cursor: str | None = None
    ) -> Page[ListRemixActionsResponse, RemixActionRun]:
        """List the remix actions applied to a project.

        Most recent first, with every action the project has ever had: pick out the ids that your own start
        answered with, so that an old failure is not taken for yours. This list is also how remix actions
        are waited for; one is over when its `status` is `succeeded`, `failed` or `cancelled`. Long
        histories span several pages. The limit is 5,000 requests an hour per API key.

        Args:
            project_id: The project's id (`vg_proj_…`).
            limit: How many items a page may hold, from 1 to 200; 50 if omitted.
            cursor: The `next_cursor` of the page before, passed on unchanged; omit it for the first page. It is
                opaque and belongs to this endpoint: one from another endpoint is answered with 400. Keep
                the filters the same from page to page, as what happens otherwise is not documented.
        """
        return self._page("list_project_remix_actions", (project_id,), {"limit": limit, "cursor": cursor})
