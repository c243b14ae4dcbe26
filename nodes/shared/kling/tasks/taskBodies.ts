import type { FilePlace } from '../files/requestBody';
import type { JsonObject } from '../values';
import { EXTERNAL_ID_PLACE } from './externalTaskId';
import type { LipSyncTimes } from './lipSyncTimes';
import { alwaysMakesAudio, isNewer, MODES, videoModel, type Mode } from './models';

/** A URL, or the place where the Base64 of a file will be. */
export type Media = string | FilePlace;

/** Audio: a URL or file, or the id of one that Kling made. */
export type Audio = { file: Media } | { audioId: string };

/** Null, here and below: not set, so it is not sent. */
export interface VideoTask {
	model: string;
	/** Null: it is made from the prompt alone. */
	image: Media | null;
	lastFrame: Media | null;
	prompt: string | null;
	negativePrompt: string | null;
	/** Whole seconds. */
	duration: number;
	mode: Mode;
	aspectRatio: string | null;
	cfgScale: number | null;
	/** Whether it gets audio; Kling's own default is none. */
	audio: boolean;
	watermark: boolean | null;
}

/** The body that creates an Image to Video or Text to Video task, in the form that its model has. Source of all: Kling's API reference, the operation's page. */
export function videoBody(task: VideoTask): JsonObject {
	return isNewer(task.model) ? newerVideoBody(task) : legacyVideoBody(task);
}

function legacyVideoBody(task: VideoTask): JsonObject {
	return taskBody({
		model_name: task.model,
		image: task.image,
		image_tail: task.lastFrame,
		prompt: task.prompt,
		negative_prompt: task.negativePrompt,
		duration: String(task.duration),
		mode: task.mode,
		aspect_ratio: task.aspectRatio,
		cfg_scale: task.cfgScale,
		sound: task.audio ? 'on' : null,
		watermark_info: watermarkInfo(task.watermark),
	});
}

function newerVideoBody({
	model,
	image,
	lastFrame,
	prompt,
	duration,
	mode,
	aspectRatio,
	audio,
	watermark,
}: VideoTask): JsonObject {
	const known = videoModel(model);
	const hasAudioField = !known || !alwaysMakesAudio(known);
	const settings = whatIsSet({
		resolution: MODES.find(({ name }) => name === mode)!.resolution,
		duration,
		aspect_ratio: aspectRatio,
		audio: audio && hasAudioField ? 'native' : null,
	});
	const options = taskBody({ watermark_info: watermarkInfo(watermark) });
	if (image === null) return { prompt, settings, options };
	const frames = [
		{ type: 'first_frame', url: image },
		{ type: 'last_frame', url: lastFrame },
	].filter(({ url }) => url !== null);
	return { contents: [{ type: 'prompt', text: prompt }, ...frames], settings, options };
}

export interface LipSync {
	sessionId: string;
	faceId: string;
	audio: Audio;
	times: LipSyncTimes;
	audioVolume: number | null;
	originalVolume: number | null;
	watermark: boolean | null;
}

/** The body that creates a Lip-Sync task. */
export function lipSyncBody(task: LipSync): JsonObject {
	const face = whatIsSet({
		face_id: task.faceId,
		...audioFields(task.audio),
		sound_start_time: task.times.audioStart,
		sound_end_time: task.times.audioEnd,
		sound_insert_time: task.times.insertAt,
		sound_volume: task.audioVolume,
		original_audio_volume: task.originalVolume,
	});
	return taskBody({ session_id: task.sessionId, face_choose: [face], watermark_info: watermarkInfo(task.watermark) });
}

export interface Avatar {
	image: Media;
	audio: Audio;
	prompt: string | null;
	mode: string;
	watermark: boolean | null;
}

/** The body that creates a Talking Avatar task. */
export function avatarBody(task: Avatar): JsonObject {
	return taskBody({
		image: task.image,
		...audioFields(task.audio),
		prompt: task.prompt,
		mode: task.mode,
		watermark_info: watermarkInfo(task.watermark),
	});
}

export interface VirtualTryOn {
	model: string;
	human: Media;
	cloth: Media;
	/** What stays as it is in the picture; of the newer form only. */
	keepFace: boolean | null;
	keepPose: boolean | null;
	keepBackground: boolean | null;
	watermark: boolean | null;
}

/** The body that creates a Virtual Try-On task, in the form that its model has. */
export function virtualTryOnBody(task: VirtualTryOn): JsonObject {
	const { model, human, cloth, keepFace, keepPose, keepBackground, watermark } = task;
	if (!isNewer(model)) {
		return taskBody({ model_name: model, human_image: human, cloth_image: cloth, watermark_info: watermarkInfo(watermark) });
	}
	return {
		contents: [
			{ type: 'product_image', url: cloth },
			{ type: 'person_image', url: human },
		],
		settings: whatIsSet({ keep_face: keepFace, keep_pose: keepPose, keep_background: keepBackground }),
		options: taskBody({ watermark: watermarkInfo(watermark) }),
	};
}

function audioFields(audio: Audio): JsonObject {
	return 'file' in audio ? { sound_file: audio.file } : { audio_id: audio.audioId };
}

function watermarkInfo(watermark: boolean | null): JsonObject | null {
	return watermark === null ? null : { enabled: watermark };
}

/** Fields that end with the place for the task's external id. */
function taskBody(fields: JsonObject): JsonObject {
	return whatIsSet({ ...fields, external_task_id: EXTERNAL_ID_PLACE });
}

function whatIsSet(fields: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
