"""Every model of the API; each module is imported when its model is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .act_on_assistant_action_request import ActOnAssistantActionRequest as ActOnAssistantActionRequest
    from .act_on_assistant_action_response import ActOnAssistantActionResponse as ActOnAssistantActionResponse
    from .action_id import ActionId as ActionId
    from .add_entity_reference_request import AddEntityReferenceRequest as AddEntityReferenceRequest
    from .analysis_loading_state import AnalysisLoadingState as AnalysisLoadingState
    from .api_error import ApiError as ApiError
    from .api_key_id import ApiKeyId as ApiKeyId
    from .aspect_ratio import AspectRatio as AspectRatio
    from .assistant_action import AssistantAction as AssistantAction
    from .assistant_action_detail import AssistantActionDetail as AssistantActionDetail
    from .assistant_action_kind import AssistantActionKind as AssistantActionKind
    from .assistant_decision import AssistantDecision as AssistantDecision
    from .assistant_id import AssistantId as AssistantId
    from .assistant_input_message import AssistantInputMessage as AssistantInputMessage
    from .assistant_message import AssistantMessage as AssistantMessage
    from .assistant_message import UnknownAssistantMessage as UnknownAssistantMessage
    from .assistant_message_attachment import AssistantMessageAttachment as AssistantMessageAttachment
    from .assistant_message_status import AssistantMessageStatus as AssistantMessageStatus
    from .assistant_message_webhook_event_name import (
        AssistantMessageWebhookEventName as AssistantMessageWebhookEventName,
    )
    from .assistant_message_webhook_payload import AssistantMessageWebhookPayload as AssistantMessageWebhookPayload
    from .assistant_output_message import AssistantOutputMessage as AssistantOutputMessage
    from .assistant_workflow_suggestion import AssistantWorkflowSuggestion as AssistantWorkflowSuggestion
    from .avatar_presenter import AvatarPresenter as AvatarPresenter
    from .avatar_presenter_id import AvatarPresenterId as AvatarPresenterId
    from .avatar_presenter_list_response import AvatarPresenterListResponse as AvatarPresenterListResponse
    from .caption_alignment import CaptionAlignment as CaptionAlignment
    from .caption_background_type import CaptionBackgroundType as CaptionBackgroundType
    from .caption_font_weight import CaptionFontWeight as CaptionFontWeight
    from .caption_justification import CaptionJustification as CaptionJustification
    from .content_policy_config import ContentPolicyConfig as ContentPolicyConfig
    from .create_entity_request import CreateEntityRequest as CreateEntityRequest
    from .create_file_upload_request import CreateFileUploadRequest as CreateFileUploadRequest
    from .create_file_url_import_request import CreateFileUrlImportRequest as CreateFileUrlImportRequest
    from .create_file_url_import_response import CreateFileUrlImportResponse as CreateFileUrlImportResponse
    from .create_timeline_interchange_request import (
        CreateTimelineInterchangeRequest as CreateTimelineInterchangeRequest,
    )
    from .create_timeline_interchange_response import (
        CreateTimelineInterchangeResponse as CreateTimelineInterchangeResponse,
    )
    from .create_webhook_endpoint_request import CreateWebhookEndpointRequest as CreateWebhookEndpointRequest
    from .end_screen_mode import EndScreenMode as EndScreenMode
    from .entity import Entity as Entity
    from .entity_actor_config import EntityActorConfig as EntityActorConfig
    from .entity_archive_response import EntityArchiveResponse as EntityArchiveResponse
    from .entity_id import EntityId as EntityId
    from .entity_reference import EntityReference as EntityReference
    from .entity_type import EntityType as EntityType
    from .error_details import ErrorDetails as ErrorDetails
    from .error_requirement import ErrorRequirement as ErrorRequirement
    from .executed_tool import ExecutedTool as ExecutedTool
    from .export_delivery_destination import ExportDeliveryDestination as ExportDeliveryDestination
    from .export_delivery_type import ExportDeliveryType as ExportDeliveryType
    from .export_id import ExportId as ExportId
    from .export_project_quality import ExportProjectQuality as ExportProjectQuality
    from .export_project_request import ExportProjectRequest as ExportProjectRequest
    from .export_project_response import ExportProjectResponse as ExportProjectResponse
    from .file_analysis_metadata import FileAnalysisMetadata as FileAnalysisMetadata
    from .file_id import FileId as FileId
    from .file_import_id import FileImportId as FileImportId
    from .file_info import FileInfo as FileInfo
    from .file_scope import FileScope as FileScope
    from .file_source import FileSource as FileSource
    from .file_source_status import FileSourceStatus as FileSourceStatus
    from .file_type import FileType as FileType
    from .file_upload_response import FileUploadResponse as FileUploadResponse
    from .file_url_import import FileUrlImport as FileUrlImport
    from .file_webhook_event_name import FileWebhookEventName as FileWebhookEventName
    from .file_webhook_payload import FileWebhookPayload as FileWebhookPayload
    from .generate_avatar_request import GenerateAvatarRequest as GenerateAvatarRequest
    from .generate_image_request import GenerateImageRequest as GenerateImageRequest
    from .generate_motion_graphic_request import GenerateMotionGraphicRequest as GenerateMotionGraphicRequest
    from .generate_music_request import GenerateMusicRequest as GenerateMusicRequest
    from .generate_sound_effect_request import GenerateSoundEffectRequest as GenerateSoundEffectRequest
    from .generate_storyboard_scene import GenerateStoryboardScene as GenerateStoryboardScene
    from .generate_text_request import GenerateTextRequest as GenerateTextRequest
    from .generate_text_response import GenerateTextResponse as GenerateTextResponse
    from .generate_video_clip_request import GenerateVideoClipRequest as GenerateVideoClipRequest
    from .get_assistant_response import GetAssistantResponse as GetAssistantResponse
    from .get_files_response import GetFilesResponse as GetFilesResponse
    from .image_asset_request import ImageAssetRequest as ImageAssetRequest
    from .integration_connection_id import IntegrationConnectionId as IntegrationConnectionId
    from .interchange_job_id import InterchangeJobId as InterchangeJobId
    from .job_status import JobStatus as JobStatus
    from .language import Language as Language
    from .language_list_response import LanguageListResponse as LanguageListResponse
    from .list_entities_response import ListEntitiesResponse as ListEntitiesResponse
    from .list_project_exports_response import ListProjectExportsResponse as ListProjectExportsResponse
    from .list_projects_response import ListProjectsResponse as ListProjectsResponse
    from .list_remix_actions_response import ListRemixActionsResponse as ListRemixActionsResponse
    from .logo_position import LogoPosition as LogoPosition
    from .me_response import MeResponse as MeResponse
    from .message_id import MessageId as MessageId
    from .model_quality import ModelQuality as ModelQuality
    from .motion_graphic_sub_tool_mode import MotionGraphicSubToolMode as MotionGraphicSubToolMode
    from .motion_graphic_sub_tool_modes import MotionGraphicSubToolModes as MotionGraphicSubToolModes
    from .playback_id import PlaybackId as PlaybackId
    from .project_export import ProjectExport as ProjectExport
    from .project_export_webhook_event_name import ProjectExportWebhookEventName as ProjectExportWebhookEventName
    from .project_export_webhook_payload import ProjectExportWebhookPayload as ProjectExportWebhookPayload
    from .project_id import ProjectId as ProjectId
    from .project_response import ProjectResponse as ProjectResponse
    from .project_status import ProjectStatus as ProjectStatus
    from .prompt_to_video_clip_request import PromptToVideoClipRequest as PromptToVideoClipRequest
    from .pronunciation_replacement import PronunciationReplacement as PronunciationReplacement
    from .remix_action import RemixAction as RemixAction
    from .remix_action import UnknownRemixAction as UnknownRemixAction
    from .remix_action_add_transitions import RemixActionAddTransitions as RemixActionAddTransitions
    from .remix_action_add_zoom import RemixActionAddZoom as RemixActionAddZoom
    from .remix_action_change_narrator import RemixActionChangeNarrator as RemixActionChangeNarrator
    from .remix_action_clean_up_transcript import RemixActionCleanUpTranscript as RemixActionCleanUpTranscript
    from .remix_action_convert_images_to_videos import (
        RemixActionConvertImagesToVideos as RemixActionConvertImagesToVideos,
    )
    from .remix_action_disable_captions import RemixActionDisableCaptions as RemixActionDisableCaptions
    from .remix_action_enable_captions import RemixActionEnableCaptions as RemixActionEnableCaptions
    from .remix_action_generate_music import RemixActionGenerateMusic as RemixActionGenerateMusic
    from .remix_action_id import RemixActionId as RemixActionId
    from .remix_action_regenerate_images import RemixActionRegenerateImages as RemixActionRegenerateImages
    from .remix_action_resize_project import RemixActionResizeProject as RemixActionResizeProject
    from .remix_action_run import RemixActionRun as RemixActionRun
    from .remix_action_set_background_music import RemixActionSetBackgroundMusic as RemixActionSetBackgroundMusic
    from .remix_action_set_logo import RemixActionSetLogo as RemixActionSetLogo
    from .remix_action_shuffle_stock_visuals import RemixActionShuffleStockVisuals as RemixActionShuffleStockVisuals
    from .remix_action_translate_project import RemixActionTranslateProject as RemixActionTranslateProject
    from .remix_action_type import RemixActionType as RemixActionType
    from .remix_action_upscale_assets import RemixActionUpscaleAssets as RemixActionUpscaleAssets
    from .remix_project_request import RemixProjectRequest as RemixProjectRequest
    from .remix_project_response import RemixProjectResponse as RemixProjectResponse
    from .remix_transition_style import RemixTransitionStyle as RemixTransitionStyle
    from .remove_entity_reference_request import RemoveEntityReferenceRequest as RemoveEntityReferenceRequest
    from .scene_description_range import SceneDescriptionRange as SceneDescriptionRange
    from .scene_generation import SceneGeneration as SceneGeneration
    from .scene_generation_type import SceneGenerationType as SceneGenerationType
    from .script_to_video_request import ScriptToVideoRequest as ScriptToVideoRequest
    from .search_files_request import SearchFilesRequest as SearchFilesRequest
    from .search_files_response import SearchFilesResponse as SearchFilesResponse
    from .search_files_result import SearchFilesResult as SearchFilesResult
    from .send_assistant_message_request import SendAssistantMessageRequest as SendAssistantMessageRequest
    from .send_assistant_message_response import SendAssistantMessageResponse as SendAssistantMessageResponse
    from .slideshow_to_video_request import SlideshowToVideoRequest as SlideshowToVideoRequest
    from .start_assistant_chat_request import StartAssistantChatRequest as StartAssistantChatRequest
    from .start_assistant_chat_response import StartAssistantChatResponse as StartAssistantChatResponse
    from .start_tool_execution_response import StartToolExecutionResponse as StartToolExecutionResponse
    from .start_workflow_run_response import StartWorkflowRunResponse as StartWorkflowRunResponse
    from .storyboard_quality import StoryboardQuality as StoryboardQuality
    from .storyboard_to_video_request import StoryboardToVideoRequest as StoryboardToVideoRequest
    from .team_id import TeamId as TeamId
    from .text_to_speech_request import TextToSpeechRequest as TextToSpeechRequest
    from .timeline_interchange import TimelineInterchange as TimelineInterchange
    from .timeline_interchange_format import TimelineInterchangeFormat as TimelineInterchangeFormat
    from .timeline_interchange_media_delivery import (
        TimelineInterchangeMediaDelivery as TimelineInterchangeMediaDelivery,
    )
    from .tool_execution_id import ToolExecutionId as ToolExecutionId
    from .tool_execution_list_response import ToolExecutionListResponse as ToolExecutionListResponse
    from .tool_execution_webhook_event_name import ToolExecutionWebhookEventName as ToolExecutionWebhookEventName
    from .tool_execution_webhook_payload import ToolExecutionWebhookPayload as ToolExecutionWebhookPayload
    from .tool_success_result import ToolSuccessResult as ToolSuccessResult
    from .transcript import Transcript as Transcript
    from .transcript_word import TranscriptWord as TranscriptWord
    from .tts_voice import TtsVoice as TtsVoice
    from .tts_voice_list_response import TtsVoiceListResponse as TtsVoiceListResponse
    from .update_entity_request import UpdateEntityRequest as UpdateEntityRequest
    from .video_asset_request import VideoAssetRequest as VideoAssetRequest
    from .video_to_video_request import VideoToVideoRequest as VideoToVideoRequest
    from .video_to_video_response import VideoToVideoResponse as VideoToVideoResponse
    from .visual_pacing import VisualPacing as VisualPacing
    from .visual_style_type import VisualStyleType as VisualStyleType
    from .voice_gender import VoiceGender as VoiceGender
    from .voice_id import VoiceId as VoiceId
    from .voice_id_or_name import VoiceIdOrName as VoiceIdOrName
    from .voiceover_to_video_request import VoiceoverToVideoRequest as VoiceoverToVideoRequest
    from .watermark_mode import WatermarkMode as WatermarkMode
    from .webhook_endpoint import WebhookEndpoint as WebhookEndpoint
    from .webhook_endpoint_id import WebhookEndpointId as WebhookEndpointId
    from .webhook_endpoint_list_response import WebhookEndpointListResponse as WebhookEndpointListResponse
    from .webhook_event_name import WebhookEventName as WebhookEventName
    from .workflow_caption_background_style import WorkflowCaptionBackgroundStyle as WorkflowCaptionBackgroundStyle
    from .workflow_caption_style import WorkflowCaptionStyle as WorkflowCaptionStyle
    from .workflow_rgb_color import WorkflowRgbColor as WorkflowRgbColor
    from .workflow_run import WorkflowRun as WorkflowRun
    from .workflow_run_id import WorkflowRunId as WorkflowRunId
    from .workflow_run_list_response import WorkflowRunListResponse as WorkflowRunListResponse
    from .workflow_run_webhook_event_name import WorkflowRunWebhookEventName as WorkflowRunWebhookEventName
    from .workflow_run_webhook_payload import WorkflowRunWebhookPayload as WorkflowRunWebhookPayload
    from .workflow_type import WorkflowType as WorkflowType
    from .workflow_visual_style import WorkflowVisualStyle as WorkflowVisualStyle
else:
    from importlib import import_module

    _MODULES = {
        "ActOnAssistantActionRequest": "act_on_assistant_action_request",
        "ActOnAssistantActionResponse": "act_on_assistant_action_response",
        "ActionId": "action_id",
        "AddEntityReferenceRequest": "add_entity_reference_request",
        "AnalysisLoadingState": "analysis_loading_state",
        "ApiError": "api_error",
        "ApiKeyId": "api_key_id",
        "AspectRatio": "aspect_ratio",
        "AssistantAction": "assistant_action",
        "AssistantActionDetail": "assistant_action_detail",
        "AssistantActionKind": "assistant_action_kind",
        "AssistantDecision": "assistant_decision",
        "AssistantId": "assistant_id",
        "AssistantInputMessage": "assistant_input_message",
        "AssistantMessage": "assistant_message",
        "AssistantMessageAttachment": "assistant_message_attachment",
        "AssistantMessageStatus": "assistant_message_status",
        "AssistantMessageWebhookEventName": "assistant_message_webhook_event_name",
        "AssistantMessageWebhookPayload": "assistant_message_webhook_payload",
        "AssistantOutputMessage": "assistant_output_message",
        "AssistantWorkflowSuggestion": "assistant_workflow_suggestion",
        "AvatarPresenter": "avatar_presenter",
        "AvatarPresenterId": "avatar_presenter_id",
        "AvatarPresenterListResponse": "avatar_presenter_list_response",
        "CaptionAlignment": "caption_alignment",
        "CaptionBackgroundType": "caption_background_type",
        "CaptionFontWeight": "caption_font_weight",
        "CaptionJustification": "caption_justification",
        "ContentPolicyConfig": "content_policy_config",
        "CreateEntityRequest": "create_entity_request",
        "CreateFileUploadRequest": "create_file_upload_request",
        "CreateFileUrlImportRequest": "create_file_url_import_request",
        "CreateFileUrlImportResponse": "create_file_url_import_response",
        "CreateTimelineInterchangeRequest": "create_timeline_interchange_request",
        "CreateTimelineInterchangeResponse": "create_timeline_interchange_response",
        "CreateWebhookEndpointRequest": "create_webhook_endpoint_request",
        "EndScreenMode": "end_screen_mode",
        "Entity": "entity",
        "EntityActorConfig": "entity_actor_config",
        "EntityArchiveResponse": "entity_archive_response",
        "EntityId": "entity_id",
        "EntityReference": "entity_reference",
        "EntityType": "entity_type",
        "ErrorDetails": "error_details",
        "ErrorRequirement": "error_requirement",
        "ExecutedTool": "executed_tool",
        "ExportDeliveryDestination": "export_delivery_destination",
        "ExportDeliveryType": "export_delivery_type",
        "ExportId": "export_id",
        "ExportProjectQuality": "export_project_quality",
        "ExportProjectRequest": "export_project_request",
        "ExportProjectResponse": "export_project_response",
        "FileAnalysisMetadata": "file_analysis_metadata",
        "FileId": "file_id",
        "FileImportId": "file_import_id",
        "FileInfo": "file_info",
        "FileScope": "file_scope",
        "FileSource": "file_source",
        "FileSourceStatus": "file_source_status",
        "FileType": "file_type",
        "FileUploadResponse": "file_upload_response",
        "FileUrlImport": "file_url_import",
        "FileWebhookEventName": "file_webhook_event_name",
        "FileWebhookPayload": "file_webhook_payload",
        "GenerateAvatarRequest": "generate_avatar_request",
        "GenerateImageRequest": "generate_image_request",
        "GenerateMotionGraphicRequest": "generate_motion_graphic_request",
        "GenerateMusicRequest": "generate_music_request",
        "GenerateSoundEffectRequest": "generate_sound_effect_request",
        "GenerateStoryboardScene": "generate_storyboard_scene",
        "GenerateTextRequest": "generate_text_request",
        "GenerateTextResponse": "generate_text_response",
        "GenerateVideoClipRequest": "generate_video_clip_request",
        "GetAssistantResponse": "get_assistant_response",
        "GetFilesResponse": "get_files_response",
        "ImageAssetRequest": "image_asset_request",
        "IntegrationConnectionId": "integration_connection_id",
        "InterchangeJobId": "interchange_job_id",
        "JobStatus": "job_status",
        "Language": "language",
        "LanguageListResponse": "language_list_response",
        "ListEntitiesResponse": "list_entities_response",
        "ListProjectExportsResponse": "list_project_exports_response",
        "ListProjectsResponse": "list_projects_response",
        "ListRemixActionsResponse": "list_remix_actions_response",
        "LogoPosition": "logo_position",
        "MeResponse": "me_response",
        "MessageId": "message_id",
        "ModelQuality": "model_quality",
        "MotionGraphicSubToolMode": "motion_graphic_sub_tool_mode",
        "MotionGraphicSubToolModes": "motion_graphic_sub_tool_modes",
        "PlaybackId": "playback_id",
        "ProjectExport": "project_export",
        "ProjectExportWebhookEventName": "project_export_webhook_event_name",
        "ProjectExportWebhookPayload": "project_export_webhook_payload",
        "ProjectId": "project_id",
        "ProjectResponse": "project_response",
        "ProjectStatus": "project_status",
        "PromptToVideoClipRequest": "prompt_to_video_clip_request",
        "PronunciationReplacement": "pronunciation_replacement",
        "RemixAction": "remix_action",
        "RemixActionAddTransitions": "remix_action_add_transitions",
        "RemixActionAddZoom": "remix_action_add_zoom",
        "RemixActionChangeNarrator": "remix_action_change_narrator",
        "RemixActionCleanUpTranscript": "remix_action_clean_up_transcript",
        "RemixActionConvertImagesToVideos": "remix_action_convert_images_to_videos",
        "RemixActionDisableCaptions": "remix_action_disable_captions",
        "RemixActionEnableCaptions": "remix_action_enable_captions",
        "RemixActionGenerateMusic": "remix_action_generate_music",
        "RemixActionId": "remix_action_id",
        "RemixActionRegenerateImages": "remix_action_regenerate_images",
        "RemixActionResizeProject": "remix_action_resize_project",
        "RemixActionRun": "remix_action_run",
        "RemixActionSetBackgroundMusic": "remix_action_set_background_music",
        "RemixActionSetLogo": "remix_action_set_logo",
        "RemixActionShuffleStockVisuals": "remix_action_shuffle_stock_visuals",
        "RemixActionTranslateProject": "remix_action_translate_project",
        "RemixActionType": "remix_action_type",
        "RemixActionUpscaleAssets": "remix_action_upscale_assets",
        "RemixProjectRequest": "remix_project_request",
        "RemixProjectResponse": "remix_project_response",
        "RemixTransitionStyle": "remix_transition_style",
        "RemoveEntityReferenceRequest": "remove_entity_reference_request",
        "SceneDescriptionRange": "scene_description_range",
        "SceneGeneration": "scene_generation",
        "SceneGenerationType": "scene_generation_type",
        "ScriptToVideoRequest": "script_to_video_request",
        "SearchFilesRequest": "search_files_request",
        "SearchFilesResponse": "search_files_response",
        "SearchFilesResult": "search_files_result",
        "SendAssistantMessageRequest": "send_assistant_message_request",
        "SendAssistantMessageResponse": "send_assistant_message_response",
        "SlideshowToVideoRequest": "slideshow_to_video_request",
        "StartAssistantChatRequest": "start_assistant_chat_request",
        "StartAssistantChatResponse": "start_assistant_chat_response",
        "StartToolExecutionResponse": "start_tool_execution_response",
        "StartWorkflowRunResponse": "start_workflow_run_response",
        "StoryboardQuality": "storyboard_quality",
        "StoryboardToVideoRequest": "storyboard_to_video_request",
        "TeamId": "team_id",
        "TextToSpeechRequest": "text_to_speech_request",
        "TimelineInterchange": "timeline_interchange",
        "TimelineInterchangeFormat": "timeline_interchange_format",
        "TimelineInterchangeMediaDelivery": "timeline_interchange_media_delivery",
        "ToolExecutionId": "tool_execution_id",
        "ToolExecutionListResponse": "tool_execution_list_response",
        "ToolExecutionWebhookEventName": "tool_execution_webhook_event_name",
        "ToolExecutionWebhookPayload": "tool_execution_webhook_payload",
        "ToolSuccessResult": "tool_success_result",
        "Transcript": "transcript",
        "TranscriptWord": "transcript_word",
        "TtsVoice": "tts_voice",
        "TtsVoiceListResponse": "tts_voice_list_response",
        "UnknownAssistantMessage": "assistant_message",
        "UnknownRemixAction": "remix_action",
        "UpdateEntityRequest": "update_entity_request",
        "VideoAssetRequest": "video_asset_request",
        "VideoToVideoRequest": "video_to_video_request",
        "VideoToVideoResponse": "video_to_video_response",
        "VisualPacing": "visual_pacing",
        "VisualStyleType": "visual_style_type",
        "VoiceGender": "voice_gender",
        "VoiceId": "voice_id",
        "VoiceIdOrName": "voice_id_or_name",
        "VoiceoverToVideoRequest": "voiceover_to_video_request",
        "WatermarkMode": "watermark_mode",
        "WebhookEndpoint": "webhook_endpoint",
        "WebhookEndpointId": "webhook_endpoint_id",
        "WebhookEndpointListResponse": "webhook_endpoint_list_response",
        "WebhookEventName": "webhook_event_name",
        "WorkflowCaptionBackgroundStyle": "workflow_caption_background_style",
        "WorkflowCaptionStyle": "workflow_caption_style",
        "WorkflowRgbColor": "workflow_rgb_color",
        "WorkflowRun": "workflow_run",
        "WorkflowRunId": "workflow_run_id",
        "WorkflowRunListResponse": "workflow_run_list_response",
        "WorkflowRunWebhookEventName": "workflow_run_webhook_event_name",
        "WorkflowRunWebhookPayload": "workflow_run_webhook_payload",
        "WorkflowType": "workflow_type",
        "WorkflowVisualStyle": "workflow_visual_style",
    }

    def __getattr__(name):
        try:
            module = _MODULES[name]
        except KeyError:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
        value = globals()[name] = getattr(import_module("." + module, __name__), name)
        return value

    def __dir__():
        return sorted(_MODULES)


__all__ = [
    "ActOnAssistantActionRequest",
    "ActOnAssistantActionResponse",
    "ActionId",
    "AddEntityReferenceRequest",
    "AnalysisLoadingState",
    "ApiError",
    "ApiKeyId",
    "AspectRatio",
    "AssistantAction",
    "AssistantActionDetail",
    "AssistantActionKind",
    "AssistantDecision",
    "AssistantId",
    "AssistantInputMessage",
    "AssistantMessage",
    "AssistantMessageAttachment",
    "AssistantMessageStatus",
    "AssistantMessageWebhookEventName",
    "AssistantMessageWebhookPayload",
    "AssistantOutputMessage",
    "AssistantWorkflowSuggestion",
    "AvatarPresenter",
    "AvatarPresenterId",
    "AvatarPresenterListResponse",
    "CaptionAlignment",
    "CaptionBackgroundType",
    "CaptionFontWeight",
    "CaptionJustification",
    "ContentPolicyConfig",
    "CreateEntityRequest",
    "CreateFileUploadRequest",
    "CreateFileUrlImportRequest",
    "CreateFileUrlImportResponse",
    "CreateTimelineInterchangeRequest",
    "CreateTimelineInterchangeResponse",
    "CreateWebhookEndpointRequest",
    "EndScreenMode",
    "Entity",
    "EntityActorConfig",
    "EntityArchiveResponse",
    "EntityId",
    "EntityReference",
    "EntityType",
    "ErrorDetails",
    "ErrorRequirement",
    "ExecutedTool",
    "ExportDeliveryDestination",
    "ExportDeliveryType",
    "ExportId",
    "ExportProjectQuality",
    "ExportProjectRequest",
    "ExportProjectResponse",
    "FileAnalysisMetadata",
    "FileId",
    "FileImportId",
    "FileInfo",
    "FileScope",
    "FileSource",
    "FileSourceStatus",
    "FileType",
    "FileUploadResponse",
    "FileUrlImport",
    "FileWebhookEventName",
    "FileWebhookPayload",
    "GenerateAvatarRequest",
    "GenerateImageRequest",
    "GenerateMotionGraphicRequest",
    "GenerateMusicRequest",
    "GenerateSoundEffectRequest",
    "GenerateStoryboardScene",
    "GenerateTextRequest",
    "GenerateTextResponse",
    "GenerateVideoClipRequest",
    "GetAssistantResponse",
    "GetFilesResponse",
    "ImageAssetRequest",
    "IntegrationConnectionId",
    "InterchangeJobId",
    "JobStatus",
    "Language",
    "LanguageListResponse",
    "ListEntitiesResponse",
    "ListProjectExportsResponse",
    "ListProjectsResponse",
    "ListRemixActionsResponse",
    "LogoPosition",
    "MeResponse",
    "MessageId",
    "ModelQuality",
    "MotionGraphicSubToolMode",
    "MotionGraphicSubToolModes",
    "PlaybackId",
    "ProjectExport",
    "ProjectExportWebhookEventName",
    "ProjectExportWebhookPayload",
    "ProjectId",
    "ProjectResponse",
    "ProjectStatus",
    "PromptToVideoClipRequest",
    "PronunciationReplacement",
    "RemixAction",
    "RemixActionAddTransitions",
    "RemixActionAddZoom",
    "RemixActionChangeNarrator",
    "RemixActionCleanUpTranscript",
    "RemixActionConvertImagesToVideos",
    "RemixActionDisableCaptions",
    "RemixActionEnableCaptions",
    "RemixActionGenerateMusic",
    "RemixActionId",
    "RemixActionRegenerateImages",
    "RemixActionResizeProject",
    "RemixActionRun",
    "RemixActionSetBackgroundMusic",
    "RemixActionSetLogo",
    "RemixActionShuffleStockVisuals",
    "RemixActionTranslateProject",
    "RemixActionType",
    "RemixActionUpscaleAssets",
    "RemixProjectRequest",
    "RemixProjectResponse",
    "RemixTransitionStyle",
    "RemoveEntityReferenceRequest",
    "SceneDescriptionRange",
    "SceneGeneration",
    "SceneGenerationType",
    "ScriptToVideoRequest",
    "SearchFilesRequest",
    "SearchFilesResponse",
    "SearchFilesResult",
    "SendAssistantMessageRequest",
    "SendAssistantMessageResponse",
    "SlideshowToVideoRequest",
    "StartAssistantChatRequest",
    "StartAssistantChatResponse",
    "StartToolExecutionResponse",
    "StartWorkflowRunResponse",
    "StoryboardQuality",
    "StoryboardToVideoRequest",
    "TeamId",
    "TextToSpeechRequest",
    "TimelineInterchange",
    "TimelineInterchangeFormat",
    "TimelineInterchangeMediaDelivery",
    "ToolExecutionId",
    "ToolExecutionListResponse",
    "ToolExecutionWebhookEventName",
    "ToolExecutionWebhookPayload",
    "ToolSuccessResult",
    "Transcript",
    "TranscriptWord",
    "TtsVoice",
    "TtsVoiceListResponse",
    "UnknownAssistantMessage",
    "UnknownRemixAction",
    "UpdateEntityRequest",
    "VideoAssetRequest",
    "VideoToVideoRequest",
    "VideoToVideoResponse",
    "VisualPacing",
    "VisualStyleType",
    "VoiceGender",
    "VoiceId",
    "VoiceIdOrName",
    "VoiceoverToVideoRequest",
    "WatermarkMode",
    "WebhookEndpoint",
    "WebhookEndpointId",
    "WebhookEndpointListResponse",
    "WebhookEventName",
    "WorkflowCaptionBackgroundStyle",
    "WorkflowCaptionStyle",
    "WorkflowRgbColor",
    "WorkflowRun",
    "WorkflowRunId",
    "WorkflowRunListResponse",
    "WorkflowRunWebhookEventName",
    "WorkflowRunWebhookPayload",
    "WorkflowType",
    "WorkflowVisualStyle",
]
