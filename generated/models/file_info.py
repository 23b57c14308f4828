"""The API's `FileInfo`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, NUMBER, TEXT, TIME, id_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import FileAnalysisMetadata, FileId, FileScope, FileSource, FileType, PlaybackId, ToolExecutionId, Transcript


@model
class FileInfo(Model):
    """A stored file with the links to its renditions. Only `file_id` and `scope` are always there. Signed links last
    7 days from signing (older texts say 1 or 24 hours), so go by the expiry fields; hydrating the file signs them
    anew, whereas a plain get or a list may leave them out or return expired ones."""

    file_id: FileId
    """The file itself."""
    type: FileType | None = None
    """Kind of file; null until processing has worked it out."""
    scope: FileScope
    """What the file belongs to; a TEMPORARY one is kept at least 24 hours and never analysed."""
    display_name: str | None = None
    """Name shown for the file."""
    description: str | None = None
    """What the file shows or holds, in words; null or absent when there is none."""
    duration_seconds: float | None = None
    """Length in seconds, for video and audio only; null for images."""
    transcript: Transcript | None = None
    """Spoken words with their times, for video and audio only; null for images or when none was made."""
    transcript_text: str | None = None
    """The transcript as plain text, for video and audio only; null when none was made."""
    download_url: str | None = None
    """Signed link to the best rendition, valid for 7 days; go by `download_url_expires_at`. Null while the file is
    being processed or when nothing has been signed: hydrate it then."""
    download_url_expires_at: int | None = None
    """When `download_url` stops working, in Unix seconds; null when `download_url` is null."""
    thumbnail_url: str | None = None
    """Signed link to the thumbnail, valid for 7 days; go by `thumbnail_url_expires_at`. Null for audio or when
    nothing has been signed."""
    thumbnail_url_expires_at: int | None = None
    """When `thumbnail_url` stops working, in Unix seconds; null when `thumbnail_url` is null."""
    thumbnail_source: FileSource | None = None
    """Thumbnail, filled in by hydration; audio has none."""
    preview_source: FileSource | None = None
    """Lighter copy, filled in by hydration; 720p for video, reduced in size for images."""
    download_source: FileSource | None = None
    """Rendition of the highest quality, filled in by hydration."""
    hls_source: FileSource | None = None
    """Private HLS stream with a signed token, for video and audio once streaming is ready."""
    is_public_preview_enabled: bool | None = None
    """Whether the file has been made public for preview and embedding."""
    static_public_preview_source: FileSource | None = None
    """Public copy at a permanent link, only while `is_public_preview_enabled` is true; it never expires, so its
    `expires_at` is null."""
    public_hls_url: str | None = None
    """Public HLS stream, for video and audio, only while `is_public_preview_enabled` is true and streaming is ready."""
    public_playback_id: PlaybackId | None = None
    """Id the embeddable player takes; there under the same conditions as `public_hls_url`."""
    source_tool_type: str | None = None
    """Tool that made the file, such as GENERATE_IMAGE or TEXT_TO_SPEECH; absent for other files."""
    source_tool_execution_id: ToolExecutionId | None = None
    """Execution that made the file; absent unless a tool did."""
    file_analysis_metadata: FileAnalysisMetadata | None = None
    """How far analysis has come; left out of files inside tool results and webhook payloads."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("fileId", "file_id", id_of("FileId"), required=True),
        Field("type", "type", TEXT, nullable=True),
        Field("scope", "scope", TEXT, required=True),
        Field("displayName", "display_name", TEXT),
        Field("description", "description", TEXT, nullable=True),
        Field("durationSeconds", "duration_seconds", NUMBER, nullable=True),
        Field("transcript", "transcript", ref("Transcript"), nullable=True),
        Field("transcriptText", "transcript_text", TEXT, nullable=True),
        Field("downloadUrl", "download_url", TEXT, nullable=True),
        Field("downloadUrlExpiresAt", "download_url_expires_at", TIME, nullable=True),
        Field("thumbnailUrl", "thumbnail_url", TEXT, nullable=True),
        Field("thumbnailUrlExpiresAt", "thumbnail_url_expires_at", TIME, nullable=True),
        Field("thumbnailSource", "thumbnail_source", ref("FileSource"), nullable=True),
        Field("previewSource", "preview_source", ref("FileSource"), nullable=True),
        Field("downloadSource", "download_source", ref("FileSource"), nullable=True),
        Field("hlsSource", "hls_source", ref("FileSource"), nullable=True),
        Field("isPublicPreviewEnabled", "is_public_preview_enabled", BOOLEAN),
        Field("staticPublicPreviewSource", "static_public_preview_source", ref("FileSource"), nullable=True),
        Field("publicHlsUrl", "public_hls_url", TEXT, nullable=True),
        Field("publicPlaybackId", "public_playback_id", id_of("PlaybackId"), nullable=True),
        Field("sourceToolType", "source_tool_type", TEXT),
        Field("sourceToolExecutionId", "source_tool_execution_id", id_of("ToolExecutionId")),
        Field("fileAnalysisMetadata", "file_analysis_metadata", ref("FileAnalysisMetadata")),
    )
