/** A model of Image to Video and Text to Video in the older form, and what it can do. */
export interface VideoModel {
	name: string;
	/** `duration`, in seconds, as text. */
	durations: string[];
	modes: string[];
	/** Whether it takes `sound`. */
	sound: boolean;
	/** The modes in which it takes a last frame. */
	lastFrameModes: string[];
}

export const ASPECT_RATIOS = ['16:9', '9:16', '1:1'] as const;

const fromTo = (first: number, last: number): string[] =>
	Array.from({ length: last - first + 1 }, (_, index) => String(first + index));

/** What is left in the older form of the API, by Kling's documentation of September 2026. */
export const VIDEO_MODELS: VideoModel[] = [
	{ name: 'kling-v2-5-turbo', durations: ['5', '10'], modes: ['std', 'pro'], sound: false, lastFrameModes: ['pro'] },
	{ name: 'kling-v2-6', durations: ['5', '10'], modes: ['std', 'pro'], sound: true, lastFrameModes: ['pro'] },
	{ name: 'kling-v3', durations: fromTo(3, 15), modes: ['std', 'pro', '4k'], sound: true, lastFrameModes: ['std', 'pro', '4k'] },
];

/** Names that still stand for the one try-on model. */
export const TRY_ON_MODELS = ['kolors-virtual-try-on-v1', 'kolors-virtual-try-on-v1-5'];

/** Kling refuses the first; third parties write that the others went on 2026-09-15. */
export const RETIRED_MODELS = ['kling-v1', 'kling-v1-5', 'kling-v1-6', 'kling-v2-master', 'kling-v2-1', 'kling-v2-1-master'];

/** The same in the newer form. */
export interface NewerModel {
	name: string;
	resolutions: string[];
	durations: number[];
	/** Values of `audio`; empty: there is no such field. */
	audio: string[];
	/** The resolutions with `native` audio, and with a last frame. */
	audioAt: string[];
	lastFrameAt: string[];
	multiShot: boolean;
	/** The longest prompt, with a picture and without. */
	prompts: [number, number];
}

const SMALL = ['720p', '1080p'];
const ALL = [...SMALL, '4k'];
const seconds = (first: number, last: number): number[] => fromTo(first, last).map(Number);

/** Kling's documentation of its newer form, as read in September and October 2026. */
export const NEWER_MODELS: NewerModel[] = [
	{
		name: 'kling-3.0-turbo',
		resolutions: SMALL,
		durations: seconds(3, 15),
		audio: [],
		audioAt: [],
		lastFrameAt: [],
		multiShot: false,
		prompts: [2500, 3072],
	},
	{
		name: 'kling-3.0',
		resolutions: ALL,
		durations: seconds(3, 15),
		audio: ['native', 'off'],
		audioAt: ALL,
		lastFrameAt: ALL,
		multiShot: true,
		prompts: [3072, 3072],
	},
	{
		name: 'kling-2.6',
		resolutions: SMALL,
		durations: [5, 10],
		audio: ['native', 'off'],
		audioAt: ['1080p'],
		lastFrameAt: ['1080p'],
		multiShot: false,
		prompts: [2500, 2500],
	},
	{
		name: 'kling-2.5-turbo',
		resolutions: SMALL,
		durations: [5, 10],
		audio: [],
		audioAt: [],
		lastFrameAt: ['1080p'],
		multiShot: false,
		prompts: [2500, 2500],
	},
];
