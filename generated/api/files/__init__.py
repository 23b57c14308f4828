"""The operations of the group Files, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ...._operation import Group, Page

if TYPE_CHECKING:
    from ...models import (
        CreateFileUploadRequest,
        CreateFileUrlImportRequest,
        CreateFileUrlImportResponse,
        FileId,
        FileImportId,
        FileInfo,
        FileType,
        FileUploadResponse,
        FileUrlImport,
        GetFilesResponse,
        SearchFilesRequest,
        SearchFilesResponse,
        Transcript,
    )


class Files(Group):
    """The operations of the group Files."""

    __slots__ = ()
    _package = __name__

    def get_files(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        self_only: bool | None = None,
        include_export_files: bool | None = None,
        include_project_files: bool | None = None,
    ) -> Page[GetFilesResponse, FileInfo]:
        """List files.

        Most recently updated first, without archived files; a file may move while you page, so expect to
        meet one twice. The files are the team's unless `self_only` is true, a filter that is documented
        though the official client does not offer it. Signed URLs are not renewed here and may have expired:
        check `download_url_expires_at` and use `hydrate_file` for fresh ones. One limit of 50,000 requests
        an hour per API key covers listing and reading files.

        Args:
            limit: How many items a page may hold, from 1 to 200; 50 if omitted.
            cursor: The `next_cursor` of the page before, passed on unchanged; omit it for the first page. It is
                opaque and belongs to this endpoint: one from another endpoint is answered with 400. Keep
                the filters the same from page to page, as what happens otherwise is not documented.
            self_only: True lists only your own items; otherwise the list holds those of the whole team.
            include_export_files: True also lists files that exports have made.
            include_project_files: True also lists files that belong to a project.
        """
        return self._page(
            "get_files",
            (),
            {
                "limit": limit,
                "cursor": cursor,
                "self_only": self_only,
                "include_export_files": include_export_files,
                "include_project_files": include_project_files,
            },
        )

    @overload
    async def search_files(self, request: SearchFilesRequest) -> SearchFilesResponse: ...

    @overload
    async def search_files(
        self, *, query: str, num_results: int = ..., self_only: bool = ...
    ) -> SearchFilesResponse: ...

    async def search_files(self, request: SearchFilesRequest | None = None, **fields: Any) -> SearchFilesResponse:
        """Search files by what they show or say.

        Best match first; a similarity above 0.7 is strong. Only files with an indexed description can be
        found, so temporary files, which are never analysed, cannot. There are no pages: `num_results` asks
        for up to 100 matches, 10 by default. Although a POST, it changes nothing and may be sent again; the
        limit is 500 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            query: What to look for, in plain words.
            num_results: The most results to return.
            self_only: True searches only the files of the API key's own user, not the whole team's.
        """
        return await self._call("search_files", (), body=request, fields=fields)

    async def get_file(self, file_id: FileId) -> FileInfo:
        """Read a file's details.

        Use it for metadata, the state of the analysis or to see whether a public preview has become ready.
        The API's own description counts it as a way to renew signed URLs, while the official client finds
        that it leaves signed sources out: call `hydrate_file` for URLs, and also to learn whether an upload
        is ready. One limit of 50,000 requests an hour per API key covers listing and reading files.

        Args:
            file_id: The file's id (`vg_file_…`).
        """
        return await self._call("get_file", (file_id,))

    @overload
    async def create_file_upload(self, request: CreateFileUploadRequest) -> FileUploadResponse: ...

    @overload
    async def create_file_upload(
        self,
        *,
        type: FileType = ...,
        display_name: str,
        is_temporary: bool = ...,
        hide_from_ui: bool = ...,
        transcript: Transcript | None = ...,
    ) -> FileUploadResponse: ...

    async def create_file_upload(
        self, request: CreateFileUploadRequest | None = None, **fields: Any
    ) -> FileUploadResponse:
        """Open an upload for a file.

        Then PUT the raw bytes to `upload_url`, which expires soon, without the Authorization header, and
        poll `hydrate_file` until a source is `ready`; the documentation names `get_file` for that, but it
        may leave the signed sources out and so never show it. The upload has failed only if some source is
        `failed` and none is `ready`; a `skipped` source is no failure. The type is inferred later if you
        omit it, except for `LOTTIE`, and `hide_from_ui` is sent as documented though the server may ignore
        it. Every call makes another file; the limit is 500 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            type: Kind of file; worked out after the upload when omitted, but LOTTIE must be stated.
            display_name: Name to show for the file.
            is_temporary: True keeps the file at least 24 hours, after which it may be archived; it is not analysed
                and so never found by a search.
            hide_from_ui: True asks that the file stay out of the web app. The newest official client calls the option
                ignored: it is sent as given, but do not rely on it.
            transcript: Words and times already known, for audio and video only: transcription is then skipped.
                Ignored for other kinds of file.
        """
        return await self._call("create_file_upload", (), body=request, fields=fields)

    async def hydrate_file(self, file_id: FileId) -> FileInfo:
        """Renew a file's signed URLs.

        Always signs anew, and works for exports and interchange files too (`export_file_id`,
        `interchange_file_id`). Call it when a source is null or `pending` (which may merely mean not
        hydrated yet), when a URL is missing or past its `expires_at`, or when you kept only the id; it is
        also how an upload is waited for. Signed URLs last 7 days according to most of the documentation,
        but go by `expires_at`; add no parameters to them and send them no Authorization header. One limit
        of 2,500 requests an hour per API key covers all files together, which is one call in 1.44 seconds.

        Args:
            file_id: The file's id (`vg_file_…`).
        """
        return await self._call("hydrate_file", (file_id,))

    async def archive_file(self, file_id: FileId) -> FileInfo:
        """Archive a file.

        The file is then left out of `get_files`. No call brings it back, and none deletes a file for good.
        No rate limit is documented.

        Args:
            file_id: The file's id (`vg_file_…`).
        """
        return await self._call("archive_file", (file_id,))

    async def enable_public_preview(self, file_id: FileId) -> FileInfo:
        """Publish a file at a permanent public address.

        Copies a file of any type to a URL that anyone can open and that never expires
        (`static_public_preview_source`). Video and audio also get `public_playback_id` and `public_hls_url`
        for embedding once streaming is ready; the call waits for this only briefly, so poll `get_file` or
        wait for the `file.playback_ready` webhook. Images never get a playback id. It may be sent again; no
        rate limit is documented.

        Args:
            file_id: The file's id (`vg_file_…`).
        """
        return await self._call("enable_public_preview", (file_id,))

    async def disable_public_preview(self, file_id: FileId) -> FileInfo:
        """Withdraw a file's public preview.

        Removes the public copy and ends playback in embedded players; private signed URLs go on working. It
        may be sent again; no rate limit is documented.

        Args:
            file_id: The file's id (`vg_file_…`).
        """
        return await self._call("disable_public_preview", (file_id,))

    @overload
    async def create_file_url_import(self, request: CreateFileUrlImportRequest) -> CreateFileUrlImportResponse: ...

    @overload
    async def create_file_url_import(self, **more: Any) -> CreateFileUrlImportResponse: ...

    async def create_file_url_import(
        self, request: CreateFileUrlImportRequest | None = None, **fields: Any
    ) -> CreateFileUrlImportResponse:
        """Import a file from a URL.

        Unconfirmed: only the official client shows this call. Certain are the route, that it takes a JSON
        body and that the answer holds a `file_import_id` to be waited for with `get_file_url_import`; not
        known is what the body calls the source URL, so fields are passed on as you give them. Nor is the
        status of success known, so any 2xx answer is accepted. Every accepted call may start another
        import; no webhook and no rate limit is documented for it.
        """
        return await self._call("create_file_url_import", (), body=request, fields=fields)

    async def get_file_url_import(self, file_import_id: FileImportId) -> FileUrlImport:
        """Read the state of an import from a URL.

        Unconfirmed: only the official client shows this call. Certain are the route and that `status` ends
        at `succeeded`, `failed` or `cancelled`; `error` presumably looks as it does elsewhere, and by what
        field a finished import names its file is not known, so unknown fields are kept. Nor is the status
        of success known, so any 2xx answer is accepted. No rate limit is documented.

        Args:
            file_import_id: The import's id, as the start answered it.
        """
        return await self._call("get_file_url_import", (file_import_id,))
