"""Entities: built-in ones first and read-only, the team's own with references."""

from __future__ import annotations

from . import _catalogue
from ._calls import Call, handles, page
from ._http import Json, conflict, forbidden, not_found
from ._records import Entity
from ._state import find


def _entity(call: Call) -> Entity:
    return find(call.state.entities, call.path["entityId"], "Entity")


def _own(call: Call) -> Entity:
    entity = _entity(call)
    if entity.built_in:
        raise forbidden("Built-in entities are read-only.")
    entity.updated = call.now
    return entity


def _shown(entity: Entity) -> Json:
    return {
        "entityId": entity.id,
        "entityType": entity.type,
        "name": entity.name,
        "description": entity.description,
        "actorConfig": _actor(entity) if entity.type == "ACTOR" else None,
        "references": entity.references,
        "createdAt": int(entity.created),
        "updatedAt": int(entity.updated),
        "isBuiltIn": entity.built_in,
    }


def _actor(entity: Entity) -> Json:
    voice = _catalogue.find_voice(entity.voice) if entity.voice else None
    return {
        "voiceDisplayName": voice.name if voice else None,
        "hasVoice": voice is not None,
        "hasAvatarPresenter": entity.built_in,
    }


@handles("listEntities")
async def list_all(call: Call) -> Json:
    """List entities, built-in ones first, then the team's own, newest first."""
    wanted = call.query.get("entityType")
    listed = [item for item in call.state.entities.values() if not item.archived and wanted in (None, item.type)]
    listed.sort(key=_rank, reverse=True)
    shown, body = page(call, "entities", listed, _rank)
    return {**body, "entities": [_shown(entity) for entity in shown]}


def _rank(entity: Entity) -> tuple[int, int]:
    # Built-in ones keep the catalogue's order.
    return (1, -entity.number) if entity.built_in else (0, entity.number)


@handles("createEntity")
async def create(call: Call) -> Json:
    """Create an entity of the team's own."""
    state, body = call.state, call.body
    entity = Entity(
        state.next_number(),
        state.new_id("vg_enti_"),
        body["entityType"],
        body["name"],
        body.get("description", ""),
        call.now,
        call.now,
    )
    state.entities[entity.id] = entity
    return _shown(entity)


@handles("getEntity")
async def get(call: Call) -> Json:
    """Show an entity; an archived one stays readable by its id."""
    return _shown(_entity(call))


@handles("updateEntity")
async def update(call: Call) -> Json:
    """Change name or description; null keeps what is there."""
    entity = _own(call)
    for field in ("name", "description"):
        value = call.body.get(field)
        if value is not None:
            setattr(entity, field, value)
    return _shown(entity)


@handles("archiveEntity")
async def archive(call: Call) -> Json:
    """Take an entity out of lists and out of use."""
    entity = _own(call)
    entity.archived = True
    return {"entityId": entity.id, "archived": True}


@handles("addEntityReference")
async def add_reference(call: Call) -> Json:
    """Add a reference image; a default one replaces the default there was."""
    entity, body = _own(call), call.body
    if any(item["fileId"] == body["fileId"] for item in entity.references):
        raise conflict("This file is a reference of the entity already.")
    if body.get("isDefault"):
        for item in entity.references:
            item["isDefault"] = False
    entity.references.append(
        {
            "fileId": body["fileId"],
            "description": body.get("description", ""),
            "isDefault": body.get("isDefault", False),
        }
    )
    return _shown(entity)


@handles("removeEntityReference")
async def remove_reference(call: Call) -> Json:
    """Remove a reference image."""
    entity = _own(call)
    kept = [item for item in entity.references if item["fileId"] != call.body["fileId"]]
    if len(kept) == len(entity.references):
        raise not_found("Reference")
    entity.references = kept
    return _shown(entity)
