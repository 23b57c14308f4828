"""The operations of the group Tools, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ...._operation import Group, Page

if TYPE_CHECKING:
    from ...models import (
        AspectRatio,
        ContentPolicyConfig,
        EntityId,
        ExecutedTool,
        FileId,
        GenerateAvatarRequest,
        GenerateImageRequest,
        GenerateMotionGraphicRequest,
        GenerateMusicRequest,
        GenerateSoundEffectRequest,
        GenerateVideoClipRequest,
        ImageAssetRequest,
        ModelQuality,
        MotionGraphicSubToolModes,
        PronunciationReplacement,
        StartToolExecutionResponse,
        TextToSpeechRequest,
        ToolExecutionId,
        ToolExecutionListResponse,
        VideoAssetRequest,
        VoiceIdOrName,
        WatermarkMode,
    )


class Tools(Group):
    """The operations of the group Tools."""

    __slots__ = ()
    _package = __name__

    @overload
    async def generate_image(self, request: GenerateImageRequest) -> StartToolExecutionResponse: ...

    @overload
    async def generate_image(
        self,
        *,
        prompt: str,
        image_file_ids: Sequence[FileId] = ...,
        entity_ids: Sequence[EntityId] = ...,
        aspect_ratio: AspectRatio = ...,
        quality: ModelQuality = ...,
        content_policy_config: ContentPolicyConfig = ...,
        watermark_mode: WatermarkMode = ...,
        num_results: int = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
    ) -> StartToolExecutionResponse: ...

    async def generate_image(
        self, request: GenerateImageRequest | None = None, **fields: Any
    ) -> StartToolExecutionResponse:
        """Generate an image.

        Starts a tool execution; wait by polling `get_tool_execution_info` or for a `tool_execution.*`
        webhook, mostly for 15 to 60 seconds. By default the first rejection by the content policy fails the
        execution; `content_policy_config` allows up to four rewrites of the prompt before that. An entity
        that does not exist is answered as not found, one that you may not use as not permitted, and
        `watermark_mode` `NONE` without the Pro plan as an error. Billed when accepted, and repeating it
        starts and bills again, at the account's default tier if you give no `quality`; all tool starts
        share 500 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            prompt: What the image should show.
            image_file_ids: Image files, at most 4, shown to the model as references.
            entity_ids: Actor, product or visual style entities to use. An unknown id gives a not-found error, one
                you may not use a permission error.
            aspect_ratio: Shape of the image; 16 to 9 when omitted.
            quality: Model tier; the account's default for images when omitted.
            content_policy_config: What to do if moderation rejects the prompt; when omitted, the job fails.
            watermark_mode: Whether to mark the image; AUTO when omitted, and NONE needs the Pro plan.
            num_results: How many images to make; each becomes an entry of the execution's `results`.
            is_output_temporary: True keeps the output at least 24 hours, not for good; it is never analysed or searchable.
            hide_from_ui: True asks that the output stay out of the web app; sources disagree on whether it still
                works.
        """
        return await self._call("generate_image", (), body=request, fields=fields)

    @overload
    async def generate_video_clip(self, request: GenerateVideoClipRequest) -> StartToolExecutionResponse: ...

    @overload
    async def generate_video_clip(
        self,
        *,
        prompt: str = ...,
        start_frame_file_id: FileId = ...,
        image_file_ids: Sequence[FileId] = ...,
        video_file_ids: Sequence[FileId] = ...,
        audio_file_ids: Sequence[FileId] = ...,
        spoken_dialogue: str = ...,
        voice_description: str = ...,
        generate_audio: bool = ...,
        suppress_background_music: bool = ...,
        duration_seconds: int | None = ...,
        aspect_ratio: AspectRatio = ...,
        quality: ModelQuality = ...,
        content_policy_config: ContentPolicyConfig = ...,
        watermark_mode: WatermarkMode = ...,
        num_results: int = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
    ) -> StartToolExecutionResponse: ...

    async def generate_video_clip(
        self, request: GenerateVideoClipRequest | None = None, **fields: Any
    ) -> StartToolExecutionResponse:
        """Generate a video clip.

        Starts a tool execution; wait by polling `get_tool_execution_info` or for a `tool_execution.*`
        webhook, mostly for one to three minutes and longer at the upper quality tiers. Give at least one of
        `prompt`, `start_frame_file_id`, `image_file_ids`, `video_file_ids`, `audio_file_ids` and
        `spoken_dialogue`, with at most four ids to a list. A clip lasts 1 to 30 seconds, and the length is
        chosen for you if `duration_seconds` is null or omitted; `watermark_mode` `NONE` is an error without
        the Pro plan. Billed when accepted, and repeating it starts and bills again; all tool starts share
        500 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            prompt: What the clip should show.
            start_frame_file_id: An image file to open the clip with; if also in `image_file_ids`, it is dropped there.
            image_file_ids: Image files, at most 4, shown to the model as references.
            video_file_ids: Video files, at most 4, shown to the model as references.
            audio_file_ids: Audio files, at most 4, for the lips to follow.
            spoken_dialogue: Line spoken in the clip, word for word and lip-synced.
            voice_description: How the voice should sound; used only with `spoken_dialogue`.
            generate_audio: True asks for sound with the picture; false does not guarantee silence.
            suppress_background_music: True asks for a clip without music in the background.
            duration_seconds: Length in whole seconds; null or omitted leaves it to the server.
            aspect_ratio: Shape of the clip; 16 to 9 when omitted.
            quality: Model tier; the account's default for video when omitted.
            content_policy_config: What to do if moderation rejects the prompt; when omitted, the job fails.
            watermark_mode: Whether to mark the clip; AUTO when omitted, and NONE needs the Pro plan.
            num_results: How many clips to make; each becomes an entry of the execution's `results`.
            is_output_temporary: True keeps the output at least 24 hours, not for good; it is never analysed or searchable.
            hide_from_ui: True asks that the output stay out of the web app; sources disagree on whether it still
                works.
        """
        return await self._call("generate_video_clip", (), body=request, fields=fields)

    @overload
    async def generate_motion_graphic(self, request: GenerateMotionGraphicRequest) -> StartToolExecutionResponse: ...

    @overload
    async def generate_motion_graphic(
        self,
        *,
        prompt: str,
        file_ids: Sequence[FileId] = ...,
        entity_ids: Sequence[EntityId] = ...,
        duration_seconds: int | None = ...,
        aspect_ratio: AspectRatio = ...,
        transparent_background: bool = ...,
        sub_tool_modes: MotionGraphicSubToolModes = ...,
        num_results: int = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
    ) -> StartToolExecutionResponse: ...

    async def generate_motion_graphic(
        self, request: GenerateMotionGraphicRequest | None = None, **fields: Any
    ) -> StartToolExecutionResponse:
        """Generate a motion graphic.

        Experimental on the provider's side; starts a tool execution to wait for by polling
        `get_tool_execution_info` or with a `tool_execution.*` webhook, mostly for two to five minutes.
        Unless you set `transparent_background` to false and get an MP4, the result is a WebM video with
        transparency; it lasts up to 300 seconds and draws on at most eight files. Setting the mode for
        video clips to `ENABLED` without a paid plan is answered with an error asking for an upgrade. Billed
        when accepted, and repeating it starts and bills again; all tool starts share 500 requests an hour
        per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            prompt: What the graphic should show.
            file_ids: Image, video or audio files to work with, at most 8.
            entity_ids: Actor, product or visual style entities to use. An unknown id gives a not-found error, one
                you may not use a permission error.
            duration_seconds: Length in whole seconds; the server decides when it is omitted.
            aspect_ratio: Shape of the graphic; 16 to 9 when omitted.
            transparent_background: True gives a transparent WebM, false an opaque MP4.
            sub_tool_modes: Which other tools may be called in; all AUTO when omitted.
            num_results: How many graphics to make; each becomes an entry of the execution's `results`.
            is_output_temporary: True keeps the output at least 24 hours, not for good; it is never analysed or searchable.
            hide_from_ui: True asks that the output stay out of the web app; sources disagree on whether it still
                works.
        """
        return await self._call("generate_motion_graphic", (), body=request, fields=fields)

    @overload
    async def text_to_speech(self, request: TextToSpeechRequest) -> StartToolExecutionResponse: ...

    @overload
    async def text_to_speech(
        self,
        *,
        tts_text: str,
        voice_id: VoiceIdOrName,
        speech_language_code: str | None = ...,
        pronunciation_replacements: Sequence[PronunciationReplacement] = ...,
        auto_expand_pronunciation_replacements: bool = ...,
        voice_speed: float = ...,
        num_results: int = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
    ) -> StartToolExecutionResponse: ...

    async def text_to_speech(
        self, request: TextToSpeechRequest | None = None, **fields: Any
    ) -> StartToolExecutionResponse:
        """Turn text into speech.

        Starts a tool execution; wait by polling `get_tool_execution_info` or for a `tool_execution.*`
        webhook, mostly for 5 to 10 seconds. The voice may be given by its id or its display name, but only
        voices with `supports_direct_tool_execution` true work here; `list_tts_voices` tells which. Billed
        when accepted, and repeating it starts and bills again; all tool starts share 500 requests an hour
        per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            tts_text: The text to speak.
            voice_id: The voice, by its id or its display name, sent as given; its
                `supports_direct_tool_execution` must be true. Older texts know only the id.
            speech_language_code: Hint at the language of the text, as an ISO 639-1 code such as es.
            pronunciation_replacements: Words to be spoken otherwise than written.
            auto_expand_pronunciation_replacements: True lets the server extend the replacements by itself; false when omitted.
            voice_speed: Speed as a multiplier, 0.5 to 2; the voice's own default when omitted.
            num_results: How many recordings to make; each becomes an entry of the execution's `results`.
            is_output_temporary: True keeps the output at least 24 hours, not for good; it is never analysed or searchable.
            hide_from_ui: True asks that the output stay out of the web app; sources disagree on whether it still
                works.
        """
        return await self._call("text_to_speech", (), body=request, fields=fields)

    @overload
    async def generate_sound_effect(self, request: GenerateSoundEffectRequest) -> StartToolExecutionResponse: ...

    @overload
    async def generate_sound_effect(
        self,
        *,
        prompt: str,
        duration_seconds: float | None = ...,
        prompt_influence: float | None = ...,
        num_results: int = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
    ) -> StartToolExecutionResponse: ...

    async def generate_sound_effect(
        self, request: GenerateSoundEffectRequest | None = None, **fields: Any
    ) -> StartToolExecutionResponse:
        """Generate a sound effect.

        Starts a tool execution; wait by polling `get_tool_execution_info` or for a `tool_execution.*`
        webhook. The sound lasts 1 to 30 seconds, about 10 if you do not say. Billed when accepted, and
        repeating it starts and bills again; all tool starts share 500 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            prompt: What should be heard.
            duration_seconds: Length in seconds, fractions allowed; about 10 when omitted.
            prompt_influence: How closely to follow the prompt, 0 to 1; the server decides when it is omitted.
            num_results: How many effects to make; each becomes an entry of the execution's `results`.
            is_output_temporary: True keeps the output at least 24 hours, not for good; it is never analysed or searchable.
            hide_from_ui: True asks that the output stay out of the web app; sources disagree on whether it still
                works.
        """
        return await self._call("generate_sound_effect", (), body=request, fields=fields)

    @overload
    async def generate_music(self, request: GenerateMusicRequest) -> StartToolExecutionResponse: ...

    @overload
    async def generate_music(
        self, *, prompt: str, num_results: int = ..., is_output_temporary: bool = ..., hide_from_ui: bool = ...
    ) -> StartToolExecutionResponse: ...

    async def generate_music(
        self, request: GenerateMusicRequest | None = None, **fields: Any
    ) -> StartToolExecutionResponse:
        """Generate a piece of music.

        Starts a tool execution; wait by polling `get_tool_execution_info` or for a `tool_execution.*`
        webhook. The piece is instrumental and about 30 seconds long, a length that cannot be changed.
        Billed when accepted, and repeating it starts and bills again; all tool starts share 500 requests an
        hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            prompt: What the music should be like.
            num_results: How many pieces to make; each becomes an entry of the execution's `results`.
            is_output_temporary: True keeps the output at least 24 hours, not for good; it is never analysed or searchable.
            hide_from_ui: True asks that the output stay out of the web app; sources disagree on whether it still
                works.
        """
        return await self._call("generate_music", (), body=request, fields=fields)

    @overload
    async def generate_avatar(self, request: GenerateAvatarRequest) -> StartToolExecutionResponse: ...

    @overload
    async def generate_avatar(
        self,
        *,
        actor_entity_id: EntityId,
        avatar_quality: ModelQuality = ...,
        audio_file_id: FileId,
        watermark_mode: WatermarkMode = ...,
        num_results: int = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
    ) -> StartToolExecutionResponse: ...

    async def generate_avatar(
        self, request: GenerateAvatarRequest | None = None, **fields: Any
    ) -> StartToolExecutionResponse:
        """Make an actor speak a recording.

        Starts a tool execution that answers with a video; wait by polling `get_tool_execution_info` or for
        a `tool_execution.*` webhook, for a minute or a few. Both the actor, a built-in `ACTOR` entity or
        one of yours with an image as reference, and an audio file are required; the presenter ids of
        earlier days are no longer taken. `watermark_mode` `NONE` is an error without the Pro plan. Billed
        when accepted, and repeating it starts and bills again; all tool starts share 500 requests an hour
        per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            actor_entity_id: A stock actor, or an ACTOR entity of your own that has an image reference.
            avatar_quality: Model tier; the account's default for avatars when omitted.
            audio_file_id: The AUDIO file the actor speaks.
            watermark_mode: Whether to mark the video; AUTO when omitted, and NONE needs the Pro plan.
            num_results: How many videos to make; each becomes an entry of the execution's `results`.
            is_output_temporary: True keeps the output at least 24 hours, not for good; it is never analysed or searchable.
            hide_from_ui: True asks that the output stay out of the web app; sources disagree on whether it still
                works.
        """
        return await self._call("generate_avatar", (), body=request, fields=fields)

    @overload
    async def vectorize_image(self, request: ImageAssetRequest) -> StartToolExecutionResponse: ...

    @overload
    async def vectorize_image(
        self,
        *,
        image_file_id: FileId,
        watermark_mode: WatermarkMode = ...,
        num_results: int = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
    ) -> StartToolExecutionResponse: ...

    async def vectorize_image(
        self, request: ImageAssetRequest | None = None, **fields: Any
    ) -> StartToolExecutionResponse:
        """Turn an image into an SVG drawing.

        Starts a tool execution on an image that is already among your files; wait by polling
        `get_tool_execution_info` or for a `tool_execution.*` webhook. `watermark_mode` `NONE` is an error
        without the Pro plan. Billed when accepted, and repeating it starts and bills again; all tool starts
        share 500 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            image_file_id: The image file to work on.
            watermark_mode: Whether to mark the output; AUTO when omitted, and NONE needs the Pro plan.
            num_results: How many outputs to make; each becomes an entry of the execution's `results`.
            is_output_temporary: True keeps the output at least 24 hours, not for good; it is never analysed or searchable.
            hide_from_ui: True asks that the output stay out of the web app; sources disagree on whether it still
                works.
        """
        return await self._call("vectorize_image", (), body=request, fields=fields)

    @overload
    async def remove_image_background(self, request: ImageAssetRequest) -> StartToolExecutionResponse: ...

    @overload
    async def remove_image_background(
        self,
        *,
        image_file_id: FileId,
        watermark_mode: WatermarkMode = ...,
        num_results: int = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
    ) -> StartToolExecutionResponse: ...

    async def remove_image_background(
        self, request: ImageAssetRequest | None = None, **fields: Any
    ) -> StartToolExecutionResponse:
        """Remove the background of an image.

        Starts a tool execution whose result is a transparent PNG; wait by polling `get_tool_execution_info`
        or for a `tool_execution.*` webhook. `watermark_mode` `NONE` is an error without the Pro plan.
        Billed when accepted, and repeating it starts and bills again; all tool starts share 500 requests an
        hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            image_file_id: The image file to work on.
            watermark_mode: Whether to mark the output; AUTO when omitted, and NONE needs the Pro plan.
            num_results: How many outputs to make; each becomes an entry of the execution's `results`.
            is_output_temporary: True keeps the output at least 24 hours, not for good; it is never analysed or searchable.
            hide_from_ui: True asks that the output stay out of the web app; sources disagree on whether it still
                works.
        """
        return await self._call("remove_image_background", (), body=request, fields=fields)

    @overload
    async def remove_video_background(self, request: VideoAssetRequest) -> StartToolExecutionResponse: ...

    @overload
    async def remove_video_background(
        self,
        *,
        video_file_id: FileId,
        watermark_mode: WatermarkMode = ...,
        num_results: int = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
    ) -> StartToolExecutionResponse: ...

    async def remove_video_background(
        self, request: VideoAssetRequest | None = None, **fields: Any
    ) -> StartToolExecutionResponse:
        """Remove the background of a video.

        Starts a tool execution on a video that is already among your files; wait by polling
        `get_tool_execution_info` or for a `tool_execution.*` webhook. The format of the result is not
        documented. `watermark_mode` `NONE` is an error without the Pro plan. Billed when accepted, and
        repeating it starts and bills again; all tool starts share 500 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            video_file_id: The video file to work on.
            watermark_mode: Whether to mark the output; AUTO when omitted, and NONE needs the Pro plan.
            num_results: How many outputs to make; each becomes an entry of the execution's `results`.
            is_output_temporary: True keeps the output at least 24 hours, not for good; it is never analysed or searchable.
            hide_from_ui: True asks that the output stay out of the web app; sources disagree on whether it still
                works.
        """
        return await self._call("remove_video_background", (), body=request, fields=fields)

    @overload
    async def upscale_image(self, request: ImageAssetRequest) -> StartToolExecutionResponse: ...

    @overload
    async def upscale_image(
        self,
        *,
        image_file_id: FileId,
        watermark_mode: WatermarkMode = ...,
        num_results: int = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
    ) -> StartToolExecutionResponse: ...

    async def upscale_image(
        self, request: ImageAssetRequest | None = None, **fields: Any
    ) -> StartToolExecutionResponse:
        """Enlarge an image to a higher resolution.

        Starts a tool execution on an image that is already among your files; wait by polling
        `get_tool_execution_info` or for a `tool_execution.*` webhook. By what factor it enlarges is not
        documented. `watermark_mode` `NONE` is an error without the Pro plan. Billed when accepted, and
        repeating it starts and bills again; all tool starts share 500 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            image_file_id: The image file to work on.
            watermark_mode: Whether to mark the output; AUTO when omitted, and NONE needs the Pro plan.
            num_results: How many outputs to make; each becomes an entry of the execution's `results`.
            is_output_temporary: True keeps the output at least 24 hours, not for good; it is never analysed or searchable.
            hide_from_ui: True asks that the output stay out of the web app; sources disagree on whether it still
                works.
        """
        return await self._call("upscale_image", (), body=request, fields=fields)

    @overload
    async def upscale_video(self, request: VideoAssetRequest) -> StartToolExecutionResponse: ...

    @overload
    async def upscale_video(
        self,
        *,
        video_file_id: FileId,
        watermark_mode: WatermarkMode = ...,
        num_results: int = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
    ) -> StartToolExecutionResponse: ...

    async def upscale_video(
        self, request: VideoAssetRequest | None = None, **fields: Any
    ) -> StartToolExecutionResponse:
        """Enlarge a video to a higher resolution.

        Starts a tool execution on a video that is already among your files; wait by polling
        `get_tool_execution_info` or for a `tool_execution.*` webhook. By what factor it enlarges is not
        documented. `watermark_mode` `NONE` is an error without the Pro plan. Billed when accepted, and
        repeating it starts and bills again; all tool starts share 500 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            video_file_id: The video file to work on.
            watermark_mode: Whether to mark the output; AUTO when omitted, and NONE needs the Pro plan.
            num_results: How many outputs to make; each becomes an entry of the execution's `results`.
            is_output_temporary: True keeps the output at least 24 hours, not for good; it is never analysed or searchable.
            hide_from_ui: True asks that the output stay out of the web app; sources disagree on whether it still
                works.
        """
        return await self._call("upscale_video", (), body=request, fields=fields)

    @overload
    async def image_3d_effect(self, request: ImageAssetRequest) -> StartToolExecutionResponse: ...

    @overload
    async def image_3d_effect(
        self,
        *,
        image_file_id: FileId,
        watermark_mode: WatermarkMode = ...,
        num_results: int = ...,
        is_output_temporary: bool = ...,
        hide_from_ui: bool = ...,
    ) -> StartToolExecutionResponse: ...

    async def image_3d_effect(
        self, request: ImageAssetRequest | None = None, **fields: Any
    ) -> StartToolExecutionResponse:
        """Turn an image into a video with a 3D effect.

        Starts a tool execution whose result is a video that moves through the picture with parallax; wait
        by polling `get_tool_execution_info` or for a `tool_execution.*` webhook. `watermark_mode` `NONE` is
        an error without the Pro plan. Billed when accepted, and repeating it starts and bills again; all
        tool starts share 500 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            image_file_id: The image file to work on.
            watermark_mode: Whether to mark the output; AUTO when omitted, and NONE needs the Pro plan.
            num_results: How many outputs to make; each becomes an entry of the execution's `results`.
            is_output_temporary: True keeps the output at least 24 hours, not for good; it is never analysed or searchable.
            hide_from_ui: True asks that the output stay out of the web app; sources disagree on whether it still
                works.
        """
        return await self._call("image_3d_effect", (), body=request, fields=fields)

    async def cancel_tool_execution(self, tool_execution_id: ToolExecutionId) -> ToolExecutionId:
        """Ask for a tool execution to be cancelled.

        This is only a request: the execution becomes `cancelled` if it has not completed by then, so keep
        reading it with `get_tool_execution_info` until it reaches a final status. What happens to an
        execution that is already over is not documented; the request may be sent again. The limit is 250
        requests an hour per API key.

        Args:
            tool_execution_id: The execution's id (`vg_tool_…`).
        """
        return await self._call("cancel_tool_execution", (tool_execution_id,))

    def list_tool_executions(
        self, *, limit: int | None = None, cursor: str | None = None, self_only: bool | None = None
    ) -> Page[ToolExecutionListResponse, ExecutedTool]:
        """List tool executions.

        Newest first by creation; the team's executions unless `self_only` is true. Signed URLs are never
        renewed here and may have expired: check `download_url_expires_at`, and read a single execution with
        `get_tool_execution_info` for fresh ones. If the answer to a start was lost, look here for the
        execution before you start it again. No rate limit is documented for this list.

        Args:
            limit: How many items a page may hold, from 1 to 200; 50 if omitted.
            cursor: The `next_cursor` of the page before, passed on unchanged; omit it for the first page. It is
                opaque and belongs to this endpoint: one from another endpoint is answered with 400. Keep
                the filters the same from page to page, as what happens otherwise is not documented.
            self_only: True lists only your own items; otherwise the list holds those of the whole team.
        """
        return self._page("list_tool_executions", (), {"limit": limit, "cursor": cursor, "self_only": self_only})

    async def get_tool_execution_info(self, tool_execution_id: ToolExecutionId) -> ExecutedTool:
        """Read a tool execution.

        The execution is over when `status` is `succeeded`, `failed` or `cancelled`, and stays readable for
        ever; `results` is empty until it has succeeded, and a `download_url` may rarely be null while the
        best rendition is still being made. The official client also knows the undocumented status
        `awaiting_approval`: the execution has stopped and needs a person, which is neither success nor an
        end, while any other unknown status is best taken as still running. Signed URLs last 7 days and are
        renewed by this call within an hour of expiry; go by `download_url_expires_at`. One limit of 5,000
        requests an hour per API key covers the reading of all executions together, so widen the interval
        when you wait for several.

        Args:
            tool_execution_id: The execution's id (`vg_tool_…`).
        """
        return await self._call("get_tool_execution_info", (tool_execution_id,))
