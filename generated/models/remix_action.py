"""The API's `RemixAction`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ..._model import Union, UnknownVariant, model

if TYPE_CHECKING:
    from . import (
        RemixActionAddTransitions,
        RemixActionAddZoom,
        RemixActionChangeNarrator,
        RemixActionCleanUpTranscript,
        RemixActionConvertImagesToVideos,
        RemixActionDisableCaptions,
        RemixActionEnableCaptions,
        RemixActionGenerateMusic,
        RemixActionRegenerateImages,
        RemixActionResizeProject,
        RemixActionSetBackgroundMusic,
        RemixActionSetLogo,
        RemixActionShuffleStockVisuals,
        RemixActionTranslateProject,
        RemixActionUpscaleAssets,
    )


@model
class UnknownRemixAction(UnknownVariant):
    """A variant of `RemixAction` that this version doesn't know, whole in `additional_properties`."""


if TYPE_CHECKING:
    RemixAction: TypeAlias = (
        RemixActionAddTransitions
        | RemixActionAddZoom
        | RemixActionChangeNarrator
        | RemixActionCleanUpTranscript
        | RemixActionConvertImagesToVideos
        | RemixActionDisableCaptions
        | RemixActionEnableCaptions
        | RemixActionGenerateMusic
        | RemixActionRegenerateImages
        | RemixActionResizeProject
        | RemixActionSetBackgroundMusic
        | RemixActionSetLogo
        | RemixActionShuffleStockVisuals
        | RemixActionTranslateProject
        | RemixActionUpscaleAssets
        | UnknownRemixAction
    )
    """One edit to a project; type says which. An action that finds nothing to work on is skipped and counts as
    `succeeded`."""
else:
    RemixAction = Union(
        "type",
        {
            "ADD_TRANSITIONS": "RemixActionAddTransitions",
            "ADD_ZOOM": "RemixActionAddZoom",
            "CHANGE_NARRATOR": "RemixActionChangeNarrator",
            "CLEAN_UP_TRANSCRIPT": "RemixActionCleanUpTranscript",
            "CONVERT_IMAGES_TO_VIDEOS": "RemixActionConvertImagesToVideos",
            "DISABLE_CAPTIONS": "RemixActionDisableCaptions",
            "ENABLE_CAPTIONS": "RemixActionEnableCaptions",
            "GENERATE_MUSIC": "RemixActionGenerateMusic",
            "REGENERATE_IMAGES": "RemixActionRegenerateImages",
            "RESIZE_PROJECT": "RemixActionResizeProject",
            "SET_BACKGROUND_MUSIC": "RemixActionSetBackgroundMusic",
            "SET_LOGO": "RemixActionSetLogo",
            "SHUFFLE_STOCK_VISUALS": "RemixActionShuffleStockVisuals",
            "TRANSLATE_PROJECT": "RemixActionTranslateProject",
            "UPSCALE_ASSETS": "RemixActionUpscaleAssets",
        },
        UnknownRemixAction,
    )
