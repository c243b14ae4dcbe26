/** A model of Image to Video and what it can do. */
export interface VideoModel {
	name: string;
	/** `duration`, in seconds, as text. */
	durations: string[];
	modes: string[];
	/** Whether it takes `sound`. */
	sound: boolean;
}

const fromTo = (first: number, last: number): string[] =>
	Array.from({ length: last - first + 1 }, (_, index) => String(first + index));

/** What is left in the older form of the API, by Kling's documentation of September 2026. */
export const VIDEO_MODELS: VideoModel[] = [
	{ name: 'kling-v2-5-turbo', durations: ['5', '10'], modes: ['std', 'pro'], sound: false },
	{ name: 'kling-v2-6', durations: ['5', '10'], modes: ['std', 'pro'], sound: true },
	{ name: 'kling-v3', durations: fromTo(3, 15), modes: ['std', 'pro', '4k'], sound: true },
];

/** Names that still stand for the one try-on model. */
export const TRY_ON_MODELS = ['kolors-virtual-try-on-v1', 'kolors-virtual-try-on-v1-5'];

/** Kling refuses the first; third parties write that the others went on 2026-09-15. */
export const RETIRED_MODELS = ['kling-v1', 'kling-v1-5', 'kling-v1-6', 'kling-v2-master', 'kling-v2-1', 'kling-v2-1-master'];
