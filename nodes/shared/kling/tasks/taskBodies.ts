import type { FilePlace } from '../requestBody';
import type { JsonObject } from '../values';
import type { LipSyncTimes } from './lipSyncTimes';

/** A URL, or the place where the Base64 of a file will be. */
export type Media = string | FilePlace;

/** A sound: a URL or file, or the id of one that Kling made. */
export type Sound = { file: Media } | { audioId: string };

/** Null, here and below: not set, so it is not sent. */
export interface ImageToVideo {
	model: string;
	image: Media;
	lastFrame: string | null;
	prompt: string | null;
	negativePrompt: string | null;
	/** Whole seconds. */
	duration: number | null;
	mode: string | null;
	cfgScale: number | null;
	sound: boolean | null;
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
		duration: task.duration === null ? null : String(task.duration),
		mode: task.mode,
		cfg_scale: task.cfgScale,
		sound: task.sound === null ? null : task.sound ? 'on' : 'off',
		watermark_info: watermarkInfo(task.watermark),
	});
}

export interface LipSync {
	sessionId: string;
	faceId: string;
	sound: Sound;
	times: LipSyncTimes;
	soundVolume: number | null;
	originalVolume: number | null;
	watermark: boolean | null;
}

/** The body that creates a Lip-Sync task. */
export function lipSyncBody(task: LipSync): JsonObject {
	const face = whatIsSet({
		face_id: task.faceId,
		...soundFields(task.sound),
		sound_start_time: task.times.soundStart,
		sound_end_time: task.times.soundEnd,
		sound_insert_time: task.times.insertAt,
		sound_volume: task.soundVolume,
		original_audio_volume: task.originalVolume,
	});
	return whatIsSet({ session_id: task.sessionId, face_choose: [face], watermark_info: watermarkInfo(task.watermark) });
}

export interface Avatar {
	image: Media;
	sound: Sound;
	prompt: string | null;
	mode: string;
	watermark: boolean | null;
}

/** The body that creates a Talking Avatar task. */
export function avatarBody(task: Avatar): JsonObject {
	return whatIsSet({
		image: task.image,
		...soundFields(task.sound),
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

function soundFields(sound: Sound): JsonObject {
	return 'file' in sound ? { sound_file: sound.file } : { audio_id: sound.audioId };
}

function watermarkInfo(watermark: boolean | null): JsonObject | null {
	return watermark === null ? null : { enabled: watermark };
}

function whatIsSet(fields: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
