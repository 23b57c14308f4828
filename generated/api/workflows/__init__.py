"""The operations of the group Workflows, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ...._operation import Group, Page

if TYPE_CHECKING:
    from ...models import (
        AspectRatio,
        EntityId,
        ExportProjectRequest,
        FileId,
        ModelQuality,
        PromptToVideoClipRequest,
        RemixAction,
        SceneDescriptionRange,
        ScriptToVideoRequest,
        SlideshowToVideoRequest,
        StartWorkflowRunResponse,
        VideoToVideoRequest,
        VideoToVideoResponse,
        VisualPacing,
        VoiceIdOrName,
        VoiceoverToVideoRequest,
        WorkflowCaptionStyle,
        WorkflowRun,
        WorkflowRunId,
        WorkflowRunListResponse,
        WorkflowVisualStyle,
    )


class Workflows(Group):
    """The operations of the group Workflows."""

    __slots__ = ()
    _package = __name__

    @overload
    async def script_to_video(self, request: ScriptToVideoRequest) -> StartWorkflowRunResponse: ...

    @overload
    async def script_to_video(
        self,
        *,
        script: str,
        aspect_ratio: AspectRatio = ...,
        visual_style: WorkflowVisualStyle,
        visual_pacing: VisualPacing = ...,
        quality: ModelQuality = ...,
        language: str = ...,
        voice_id: VoiceIdOrName | None = ...,
        voice_speed: float = ...,
        actor_entity_id: EntityId | None = ...,
        avatar_quality: ModelQuality = ...,
        featured_b_roll_file_ids: Sequence[FileId] = ...,
        workflow_agent_context: str = ...,
        scenes: Sequence[SceneDescriptionRange] = ...,
        remix_actions: Sequence[RemixAction] = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
        auto_export: bool = ...,
        export_options: ExportProjectRequest = ...,
    ) -> StartWorkflowRunResponse: ...

    async def script_to_video(
        self, request: ScriptToVideoRequest | None = None, **fields: Any
    ) -> StartWorkflowRunResponse:
        """Turn a script into a narrated video project.

        Starts a workflow run in a new project; wait by polling `get_workflow_run` or for a `workflow_run.*`
        webhook. The script is spoken word for word, by any voice of the catalogue. Without `auto_export`,
        success means that the project is built: `remix_actions` then run as jobs of their own (follow their
        ids with `list_project_remix_actions`) and the MP4 is made with `export_project`; with
        `auto_export`, the run covers all of this and ends with the export. The run is billed when accepted,
        and repeating the call starts and bills another; all workflow starts share 500 requests an hour per
        API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            script: The narration, spoken exactly as written.
            aspect_ratio: Shape of the video, as a ratio and not in pixels.
            visual_pacing: How quickly visuals change; MEDIUM when omitted.
            quality: Model tier for AI_IMAGE visuals; the account's default for images when omitted.
            language: Language of the video as a BCP-47 tag; English when omitted.
            voice_id: Any voice, by id or by display name; the default voice when omitted.
            voice_speed: Speaking rate as a multiplier; the voice's own rate when omitted.
            actor_entity_id: An ACTOR entity to show as the speaker; null gives voiceover without an avatar.
            avatar_quality: Model tier for the avatar, with actor_entity_id only; the account's default when omitted.
            featured_b_roll_file_ids: Files to show as B-roll; images and videos only.
            workflow_agent_context: Production notes for the making of the video; never spoken.
            scenes: What to show when, sorted by start_seconds and without overlaps.
            remix_actions: Edits to apply in this order once the project is built, each as a job of its own.
            is_output_temporary: Keep output files at least 24 hours, perhaps no longer; they are never analysed or searched.
            hide_from_ui: Hide the project in the VideoGen app. Sent as given, but don't rely on it: the official
                client calls the same option on uploads deprecated and ignored.
            auto_export: Also export to MP4 after the build and the remix actions. The run then stays `running` until
                the export ends, and succeeds or fails with it.
            export_options: Options of that export; ignored unless auto_export is true.
        """
        return await self._call("script_to_video", (), body=request, fields=fields)

    @overload
    async def voiceover_to_video(self, request: VoiceoverToVideoRequest) -> StartWorkflowRunResponse: ...

    @overload
    async def voiceover_to_video(
        self,
        *,
        file_id: FileId,
        scenes: Sequence[SceneDescriptionRange] = ...,
        aspect_ratio: AspectRatio = ...,
        visual_style: WorkflowVisualStyle,
        visual_pacing: VisualPacing = ...,
        quality: ModelQuality = ...,
        language: str = ...,
        actor_entity_id: EntityId | None = ...,
        avatar_quality: ModelQuality = ...,
        caption_style: WorkflowCaptionStyle | None = ...,
        logo_file_id: FileId | None = ...,
        workflow_agent_context: str = ...,
        remix_actions: Sequence[RemixAction] = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
        auto_export: bool = ...,
        export_options: ExportProjectRequest = ...,
    ) -> StartWorkflowRunResponse: ...

    async def voiceover_to_video(
        self, request: VoiceoverToVideoRequest | None = None, **fields: Any
    ) -> StartWorkflowRunResponse:
        """Build a video project around a recorded voiceover.

        Starts a workflow run in a new project from an audio file that you have already uploaded; wait by
        polling `get_workflow_run` or for a `workflow_run.*` webhook. `caption_style` means different things
        when omitted (default captions), empty (default captions, shown) and null (captions hidden). Without
        `auto_export`, success means that the project is built, and `remix_actions` and the export still
        have to be waited for or started; with it, the run stays `running` until the MP4 is done. Billed
        when accepted, and repeating it starts and bills again; all workflow starts share 500 requests an
        hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            file_id: An audio file that holds the narration.
            scenes: What to show when, sorted by start_seconds and without overlaps.
            aspect_ratio: Shape of the video, as a ratio and not in pixels.
            visual_pacing: How quickly visuals change; MEDIUM when omitted.
            quality: Model tier for AI_IMAGE visuals; the account's default for images when omitted.
            language: Language of the video as a BCP-47 tag; English when omitted.
            actor_entity_id: An ACTOR entity to show as the speaker; null gives voiceover without an avatar.
            avatar_quality: Model tier for the avatar, with actor_entity_id only; the account's default when omitted.
            caption_style: Style of the captions. Omitted, or as an empty object, it shows default captions; null hides
                captions.
            logo_file_id: An image file to show as the logo.
            workflow_agent_context: Production notes for the making of the video; never spoken.
            remix_actions: Edits to apply in this order once the project is built, each as a job of its own.
            is_output_temporary: Keep output files at least 24 hours, perhaps no longer; they are never analysed or searched.
            hide_from_ui: Hide the project in the VideoGen app. Sent as given, but don't rely on it: the official
                client calls the same option on uploads deprecated and ignored.
            auto_export: Also export to MP4 after the build and the remix actions. The run then stays `running` until
                the export ends, and succeeds or fails with it.
            export_options: Options of that export; ignored unless auto_export is true.
        """
        return await self._call("voiceover_to_video", (), body=request, fields=fields)

    @overload
    async def slideshow_to_video(self, request: SlideshowToVideoRequest) -> StartWorkflowRunResponse: ...

    @overload
    async def slideshow_to_video(
        self,
        *,
        file_id: FileId,
        slide_scripts: Sequence[str] = ...,
        aspect_ratio: AspectRatio = ...,
        language: str = ...,
        voice_id: VoiceIdOrName | None = ...,
        voice_speed: float = ...,
        actor_entity_id: EntityId | None = ...,
        avatar_quality: ModelQuality = ...,
        slideshow_theme_entity_id: EntityId = ...,
        caption_style: WorkflowCaptionStyle | None = ...,
        logo_file_id: FileId | None = ...,
        remix_actions: Sequence[RemixAction] = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
        auto_export: bool = ...,
        export_options: ExportProjectRequest = ...,
    ) -> StartWorkflowRunResponse: ...

    async def slideshow_to_video(
        self, request: SlideshowToVideoRequest | None = None, **fields: Any
    ) -> StartWorkflowRunResponse:
        """Turn a PDF or PowerPoint file into a narrated video project.

        Starts a workflow run in a new project; wait by polling `get_workflow_run` or for a `workflow_run.*`
        webhook. If `slide_scripts` is omitted the speaker notes are read out, while an empty list makes
        every slide silent; `caption_style` likewise distinguishes omitted (default captions) from null
        (hidden). Without `auto_export`, success means that the project is built, and `remix_actions` and
        the export come after it; with it, the run stays `running` until the MP4 is done. Billed when
        accepted, and repeating it starts and bills again; all workflow starts share 500 requests an hour
        per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            file_id: The deck, a PDF or PowerPoint file.
            slide_scripts: Narration by slide, in slide order. Omitted, the deck's speaker notes are read; an empty
                list makes every slide silent. A slide with an empty or missing entry is silent, and entries
                beyond the last slide are ignored.
            aspect_ratio: Shape of the video, as a ratio and not in pixels.
            language: Language of the video as a BCP-47 tag; English when omitted.
            voice_id: Any voice, by id or by display name; the default voice when omitted.
            voice_speed: Speaking rate as a multiplier; the voice's own rate when omitted.
            actor_entity_id: An ACTOR entity to show as the speaker; null gives voiceover without an avatar.
            avatar_quality: Model tier for the avatar, with actor_entity_id only; the account's default when omitted.
            slideshow_theme_entity_id: A SLIDESHOW_THEME entity to style the slides by; leave it out rather than send null.
            caption_style: Style of the captions. Omitted, or as an empty object, it shows default captions; null hides
                captions.
            logo_file_id: An image file to show as the logo.
            remix_actions: Edits to apply in this order once the project is built, each as a job of its own.
            is_output_temporary: Keep output files at least 24 hours, perhaps no longer; they are never analysed or searched.
            hide_from_ui: Hide the project in the VideoGen app. Sent as given, but don't rely on it: the official
                client calls the same option on uploads deprecated and ignored.
            auto_export: Also export to MP4 after the build and the remix actions. The run then stays `running` until
                the export ends, and succeeds or fails with it.
            export_options: Options of that export; ignored unless auto_export is true.
        """
        return await self._call("slideshow_to_video", (), body=request, fields=fields)

    @overload
    async def prompt_to_video_clip(self, request: PromptToVideoClipRequest) -> StartWorkflowRunResponse: ...

    @overload
    async def prompt_to_video_clip(
        self,
        *,
        prompt: str,
        image_file_ids: Sequence[FileId] = ...,
        duration_seconds: int = ...,
        aspect_ratio: AspectRatio = ...,
        quality: ModelQuality = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
        auto_export: bool = ...,
        export_options: ExportProjectRequest = ...,
    ) -> StartWorkflowRunResponse: ...

    async def prompt_to_video_clip(
        self, request: PromptToVideoClipRequest | None = None, **fields: Any
    ) -> StartWorkflowRunResponse:
        """Make a project that holds one video clip generated from a prompt.

        Starts a workflow run in a new project; wait by polling `get_workflow_run` or for a `workflow_run.*`
        webhook. The clip lasts up to 30 seconds, 10 if you give no duration, and the server clamps the
        length to what the chosen quality allows. This workflow takes no `remix_actions`; with `auto_export`
        the run ends only when the MP4 is done, otherwise when the project is built. Billed when accepted,
        and repeating it starts and bills again; all workflow starts share 500 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            prompt: What the clip should show.
            image_file_ids: Up to four image files that guide the opening frame.
            duration_seconds: Length in whole seconds, 10 when omitted; null is not accepted. The server clamps it to what
                the quality tier allows.
            aspect_ratio: Shape of the clip, as a ratio and not in pixels; 16:9 when omitted.
            quality: Model tier for the clip and its opening frame; the account's default for video when omitted.
            is_output_temporary: Keep output files at least 24 hours, perhaps no longer; they are never analysed or searched.
            hide_from_ui: Hide the project in the VideoGen app. Sent as given, but don't rely on it: the official
                client calls the same option on uploads deprecated and ignored.
            auto_export: Also export to MP4 after the build. The run then stays `running` until the export ends, and
                succeeds or fails with it.
            export_options: Options of that export; ignored unless auto_export is true.
        """
        return await self._call("prompt_to_video_clip", (), body=request, fields=fields)

    def list_workflow_runs(
        self, *, limit: int | None = None, cursor: str | None = None, self_only: bool | None = None
    ) -> Page[WorkflowRunListResponse, WorkflowRun]:
        """List workflow runs.

        Newest first by creation, and only runs that were started through the API; the team's runs unless
        `self_only` is true. Signed URLs are not renewed here and may have expired: check
        `download_url_expires_at`, and read a single run with `get_workflow_run` for fresh ones. If the
        answer to a start was lost, look here for the run before you start it again. No rate limit is
        documented for this list.

        Args:
            limit: How many items a page may hold, from 1 to 200; 50 if omitted.
            cursor: The `next_cursor` of the page before, passed on unchanged; omit it for the first page. It is
                opaque and belongs to this endpoint: one from another endpoint is answered with 400. Keep
                the filters the same from page to page, as what happens otherwise is not documented.
            self_only: True lists only your own items; otherwise the list holds those of the whole team.
        """
        return self._page("list_workflow_runs", (), {"limit": limit, "cursor": cursor, "self_only": self_only})

    async def get_workflow_run(self, workflow_run_id: WorkflowRunId) -> WorkflowRun:
        """Read a workflow run.

        The run is over when `status` is `succeeded`, `failed` or `cancelled`; progress is that of the
        current attempt, so it may drop when the server tries again. The official client also knows the
        undocumented status `awaiting_approval`: the run has stopped and needs a person, which is neither
        success nor an end, while any other unknown status is best taken as still running. The download
        fields are filled only after a run with `auto_export` has succeeded, and this call renews signed
        URLs that are within an hour of expiry. One limit of 5,000 requests an hour per API key covers the
        reading of all runs together, so widen the interval when you wait for several.

        Args:
            workflow_run_id: The run's id (`vg_work_…`).
        """
        return await self._call("get_workflow_run", (workflow_run_id,))

    async def cancel_workflow_run(self, workflow_run_id: WorkflowRunId) -> WorkflowRunId:
        """Ask for a workflow run to be cancelled.

        This is only a request: the run becomes `cancelled` if it has not completed by then, so keep reading
        it with `get_workflow_run` until it reaches a final status. What happens to a run that is already
        over is not documented; the request may be sent again. The limit is 250 requests an hour per API
        key.

        Args:
            workflow_run_id: The run's id (`vg_work_…`).
        """
        return await self._call("cancel_workflow_run", (workflow_run_id,))

    @overload
    async def video_to_video(self, request: VideoToVideoRequest) -> VideoToVideoResponse: ...

    @overload
    async def video_to_video(
        self, *, prompt: str, video_file_id: FileId = ..., video_url: str = ..., **more: Any
    ) -> VideoToVideoResponse: ...

    async def video_to_video(self, request: VideoToVideoRequest | None = None, **fields: Any) -> VideoToVideoResponse:
        """Turn an existing video into a new one by a prompt.

        Unconfirmed: only the official client shows this call. Certain are the route, that it takes `prompt`
        with either `video_file_id` or a public `video_url`, and that the answer holds a `workflow_run_id`
        to be waited for with `get_workflow_run` like any other run; further fields of the request and of
        the answer are not known. Nor is the status of success, so any 2xx answer is accepted. Take it as
        billed when accepted, with every repetition starting and billing another run, and as counting
        towards the 500 workflow starts an hour.

        Args:
            request: The whole body as one object, instead of the keywords below.
            prompt: What to make of the video.
            video_file_id: The video to work from, unless video_url names it.
            video_url: Public URL of the video to work from, unless video_file_id names it.
        """
        return await self._call("video_to_video", (), body=request, fields=fields)
