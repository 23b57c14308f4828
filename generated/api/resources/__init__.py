"""The operations of the group Resources, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ...._operation import Group, Page

if TYPE_CHECKING:
    from ...models import (
        AvatarPresenter,
        AvatarPresenterListResponse,
        LanguageListResponse,
        TtsVoice,
        TtsVoiceListResponse,
        VoiceId,
    )


class Resources(Group):
    """The operations of the group Resources."""

    __slots__ = ()
    _package = __name__

    def list_tts_voices(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include_deprecated_voices: bool | None = None,
        query: str | None = None,
    ) -> Page[TtsVoiceListResponse, TtsVoice]:
        """List the voices.

        Voices marked `supports_direct_tool_execution` work with `text_to_speech` and in workflows, the
        others only in workflows. `query` filters the voices, and deprecated ones come only if you ask for
        them; the order is not documented. The catalogue changes rarely, so keep it for hours. One limit of
        2,500 requests an hour per API key covers all resource lists.

        Args:
            limit: How many items a page may hold, from 1 to 200; 50 if omitted.
            cursor: The `next_cursor` of the page before, passed on unchanged; omit it for the first page. It is
                opaque and belongs to this endpoint: one from another endpoint is answered with 400. Keep
                the filters the same from page to page, as what happens otherwise is not documented.
            include_deprecated_voices: True also lists voices that are deprecated.
            query: Keeps only the entries that contain this text, whatever its case.
        """
        return self._page(
            "list_tts_voices",
            (),
            {"limit": limit, "cursor": cursor, "include_deprecated_voices": include_deprecated_voices, "query": query},
        )

    async def list_languages(self, *, query: str | None = None) -> LanguageListResponse:
        """List the languages.

        The remix action `TRANSLATE_PROJECT` takes its code from here. The languages come all at once,
        without pages, and `query` filters them. The catalogue changes rarely, so keep it for hours; one
        limit of 2,500 requests an hour per API key covers all resource lists.

        Args:
            query: Keeps only the entries that contain this text, whatever its case.
        """
        return await self._call("list_languages", (), {"query": query})

    def list_avatar_presenters(
        self, *, limit: int | None = None, cursor: str | None = None, voice_id: VoiceId | None = None
    ) -> Page[AvatarPresenterListResponse, AvatarPresenter]:
        """List avatar presenters.

        Deprecated: presenters gave way to `ACTOR` entities, to be found with `list_entities` and passed as
        `actor_entity_id`, and the call has gone from the provider's documentation, so it may stop working
        at any time. Its first clients sent no query parameters, and the answer may lack `has_more` and
        `next_cursor`: take that as the only page. One limit of 2,500 requests an hour per API key covers
        all resource lists.

        Args:
            limit: How many items a page may hold, from 1 to 200; 50 if omitted.
            cursor: The `next_cursor` of the page before, passed on unchanged; omit it for the first page. It is
                opaque and belongs to this endpoint: one from another endpoint is answered with 400. Keep
                the filters the same from page to page, as what happens otherwise is not documented.
            voice_id: A voice's id (`vg_voic_…`): presenters are then sorted by how well they suit that voice.
        """
        return self._page("list_avatar_presenters", (), {"limit": limit, "cursor": cursor, "voice_id": voice_id})
