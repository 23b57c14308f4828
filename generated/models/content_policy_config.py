"""The API's `ContentPolicyConfig`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import INTEGER
from ..._model import UNSET, Field, Model, Unset, model


@model
class ContentPolicyConfig(Model):
    """What to do when moderation rejects a prompt. Only image and video clip generation take it."""

    max_prompt_rewrites: int | Unset = UNSET
    """How often a rejected prompt may be rewritten and tried again; 0 fails at the first rejection."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (Field("maxPromptRewrites", "max_prompt_rewrites", INTEGER),)
