import type { FilePlace } from '../requestBody';
import type { JsonObject } from '../values';
import type { LipSyncTimes } from './lipSyncTimes';

/** A URL, or the place where the Base64 of a file will be. */
export type Media = string | FilePlace;

/** Audio: a URL or file, or the id of one that Kling made. */
export type Audio = { file: Media } | { audioId: string };

/** Null, here and below: not set, so it is not sent. */
export interface ImageToVideo {
	model: string;
	image: Media;
	lastFrame: string | null;
	prompt: string | null;
	negativePrompt: string | null;
	/** Whole seconds. */
	duration: number;
	mode: string;
	cfgScale: number | null;
	/** Whether it gets audio; Kling's own default is none. */
	audio: boolean;
	watermark: boolean | null;
}

/** The body that creates an Image to Video task. Source of all four: Kling's API reference, the operation's page. */
export function imageToVideoBody(task: ImageToVideo): JsonObject {
	return whatIsSet({
		model_name: task.model,
		image: task.image,
		image_tail: task.lastFrame,
		prompt: task.prompt,
		negative_prompt: task.negativePrompt,
		duration: String(task.duration),
		mode: task.mode,
		cfg_scale: task.cfgScale,
		sound: task.audio ? 'on' : null,
		watermark_info: watermarkInfo(task.watermark),
	});
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
	return whatIsSet({ session_id: task.sessionId, face_choose: [face], watermark_info: watermarkInfo(task.watermark) });
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
	return whatIsSet({
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
	watermark: boolean | null;
}

/** The body that creates a Virtual Try-On task. */
export function virtualTryOnBody(task: VirtualTryOn): JsonObject {
	return whatIsSet({
		model_name: task.model,
		human_image: task.human,
		cloth_image: task.cloth,
		watermark_info: watermarkInfo(task.watermark),
	});
}

function audioFields(audio: Audio): JsonObject {
	return 'file' in audio ? { sound_file: audio.file } : { audio_id: audio.audioId };
}

function watermarkInfo(watermark: boolean | null): JsonObject | null {
	return watermark === null ? null : { enabled: watermark };
}

function whatIsSet(fields: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
