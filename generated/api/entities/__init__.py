"""The operations of the group Entities, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ...._operation import Group, Page

if TYPE_CHECKING:
    from ...models import (
        AddEntityReferenceRequest,
        CreateEntityRequest,
        Entity,
        EntityArchiveResponse,
        EntityId,
        EntityType,
        FileId,
        ListEntitiesResponse,
        RemoveEntityReferenceRequest,
        UpdateEntityRequest,
    )


class Entities(Group):
    """The operations of the group Entities."""

    __slots__ = ()
    _package = __name__

    def list_entities(
        self, *, entity_type: EntityType | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Page[ListEntitiesResponse, Entity]:
        """List entities.

        Built-in entities come first, then the team's; archived ones are left out. `entity_type` narrows the
        list to one kind. Built-in entities change rarely, so keep them for hours rather than listing them
        for every job; no rate limit is documented.

        Args:
            entity_type: Keeps only entities of this kind; omit it for all kinds.
            limit: How many items a page may hold, from 1 to 200; 50 if omitted.
            cursor: The `next_cursor` of the page before, passed on unchanged; omit it for the first page. It is
                opaque and belongs to this endpoint: one from another endpoint is answered with 400. Keep
                the filters the same from page to page, as what happens otherwise is not documented.
        """
        return self._page("list_entities", (), {"entity_type": entity_type, "limit": limit, "cursor": cursor})

    @overload
    async def create_entity(self, request: CreateEntityRequest) -> Entity: ...

    @overload
    async def create_entity(self, *, entity_type: EntityType, name: str, description: str = ...) -> Entity: ...

    async def create_entity(self, request: CreateEntityRequest | None = None, **fields: Any) -> Entity:
        """Create an entity.

        Makes an actor, a product, a visual style or a slideshow theme that later jobs can refer to; it is
        there at once, with nothing to poll. Give it images with `add_entity_reference`. Repeating the call
        creates another entity; no rate limit is documented.

        Args:
            request: The whole body as one object, instead of the keywords below.
            description: What the entity is; may be omitted.
        """
        return await self._call("create_entity", (), body=request, fields=fields)

    async def get_entity(self, entity_id: EntityId) -> Entity:
        """Read an entity.

        Works for the team's entities and for built-in ones. No rate limit is documented.

        Args:
            entity_id: The entity's id (`vg_enti_…`).
        """
        return await self._call("get_entity", (entity_id,))

    @overload
    async def update_entity(self, entity_id: EntityId, request: UpdateEntityRequest) -> Entity: ...

    @overload
    async def update_entity(
        self, entity_id: EntityId, *, name: str | None = ..., description: str | None = ...
    ) -> Entity: ...

    async def update_entity(
        self, entity_id: EntityId, request: UpdateEntityRequest | None = None, **fields: Any
    ) -> Entity:
        """Change an entity's name or description.

        Give at least one field; what you omit stays as it is. Built-in entities cannot be changed. The same
        change may be sent again; no rate limit is documented.

        Args:
            request: The whole body as one object, instead of the keywords below.
            entity_id: The entity's id (`vg_enti_…`).
            name: New name; omit it to keep the present one. What null does is not documented.
            description: New description; omit it to keep the present one. What null does is not documented.
        """
        return await self._call("update_entity", (entity_id,), body=request, fields=fields)

    async def archive_entity(self, entity_id: EntityId) -> EntityArchiveResponse:
        """Archive an entity.

        The entity is then left out of `list_entities`, and no call brings it back. Built-in entities cannot
        be archived. It may be sent again, though a second request may find the entity gone; no rate limit
        is documented.

        Args:
            entity_id: The entity's id (`vg_enti_…`).
        """
        return await self._call("archive_entity", (entity_id,))

    @overload
    async def add_entity_reference(self, entity_id: EntityId, request: AddEntityReferenceRequest) -> Entity: ...

    @overload
    async def add_entity_reference(
        self, entity_id: EntityId, *, file_id: FileId, description: str = ..., is_default: bool = ...
    ) -> Entity: ...

    async def add_entity_reference(
        self, entity_id: EntityId, request: AddEntityReferenceRequest | None = None, **fields: Any
    ) -> Entity:
        """Add a reference image to an entity.

        The image must already be among your files. Built-in entities cannot be changed. What adding the
        same file twice does is not documented, so look with `get_entity` before you repeat the call; no
        rate limit is documented.

        Args:
            request: The whole body as one object, instead of the keywords below.
            entity_id: The entity's id (`vg_enti_…`).
            file_id: An image file that shows the entity.
            description: What the image shows; may be omitted.
            is_default: True makes this the entity's default reference.
        """
        return await self._call("add_entity_reference", (entity_id,), body=request, fields=fields)

    @overload
    async def remove_entity_reference(self, entity_id: EntityId, request: RemoveEntityReferenceRequest) -> Entity: ...

    @overload
    async def remove_entity_reference(self, entity_id: EntityId, *, file_id: FileId) -> Entity: ...

    async def remove_entity_reference(
        self, entity_id: EntityId, request: RemoveEntityReferenceRequest | None = None, **fields: Any
    ) -> Entity:
        """Take a reference image away from an entity.

        The image is named by its file id. Built-in entities cannot be changed. It may be sent again, though
        a second request may find the reference gone; no rate limit is documented.

        Args:
            request: The whole body as one object, instead of the keywords below.
            entity_id: The entity's id (`vg_enti_…`).
            file_id: The image file to take away from the entity.
        """
        return await self._call("remove_entity_reference", (entity_id,), body=request, fields=fields)
