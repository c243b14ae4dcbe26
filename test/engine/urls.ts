import type { Segment } from '../gateway/types';

/** The URL of an image that is said to contain these segments. */
export const imageUrl = (name: string, ...flags: Segment[]): string =>
	`https://images.kling-samples.test/n/${name}.jpg?flags=${flags.join(',')}`;

/** The URL of a video that is said to show these faces, as `from-until` in milliseconds. */
export const videoUrl = (name: string, ...faces: string[]): string =>
	`https://videos.kling-samples.test/n/${name}.mp4?faces=${faces.join(',')}`;
