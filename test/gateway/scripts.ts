import { IMAGE_SAMPLES, SOUND_SAMPLES, VIDEO_SAMPLES, sampleByHash, soundByHash } from '../samples/manifest';
import type { CheckedImage } from './images';
import type { State } from './state';
import type { FaceTime, Segment } from './types';

/** The order in which Kling lists the segments. */
export const SEGMENTS: Segment[] = ['object', 'head', 'face', 'cloth'];

/** The last part of a URL's path. */
export const fileName = (url: string): string => decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');

/** What an image is said to contain: as scripted, and nothing that was not. */
export function flagsOf(image: CheckedImage, state: State): Segment[] {
	const { images, defaultFlags } = state.settings;
	if ('sha256' in image) {
		return images[image.sha256] ?? sampleByHash(image.sha256)?.flags ?? state.served.get(image.sha256) ?? defaultFlags;
	}
	const file = fileName(image.url);
	const sample = IMAGE_SAMPLES.find((row) => row.file === file);
	return images[image.url] ?? flagsOfQuery(new URL(image.url)) ?? images[file] ?? sample?.flags ?? defaultFlags;
}

/** What `?flags=head,face` says; undefined where a URL has none. */
export function flagsOfQuery(url: URL): Segment[] | undefined {
	const names = url.searchParams.get('flags')?.split(',');
	return names && SEGMENTS.filter((segment) => names.includes(segment));
}

/** When which faces are in a video, in ms: as scripted, by `?faces=0-5200,100-900`, by file name or id. */
export function facesOf(video: { url: string } | { id: string }, state: State): FaceTime[] {
	const { videos, defaultFaces } = state.settings;
	if ('id' in video) return videos[video.id] ?? VIDEO_SAMPLES.find((row) => row.id === video.id)?.faces ?? defaultFaces;
	const file = fileName(video.url);
	const sample = VIDEO_SAMPLES.find((row) => row.file === file);
	return videos[video.url] ?? facesOfQuery(new URL(video.url)) ?? videos[file] ?? sample?.faces ?? defaultFaces;
}

/** How long a video is, in ms: by `?ms=`, or a sample's file name or id; undefined where nobody knows. */
export function lengthOfVideo(video: { url: string } | { id: string }): number | undefined {
	if ('id' in video) return VIDEO_SAMPLES.find((row) => row.id === video.id)?.ms;
	const file = fileName(video.url);
	return msOfQuery(new URL(video.url)) ?? VIDEO_SAMPLES.find((row) => row.file === file)?.ms;
}

/** How long a sound at a URL, or of these bytes, is in ms: as scripted, by `?ms=`, or a sample; undefined where nobody knows. */
export function lengthOfSound(sound: { url: string } | { sha256: string }, state: State): number | undefined {
	const { sounds } = state.settings;
	if ('sha256' in sound) return sounds[sound.sha256] ?? soundByHash(sound.sha256)?.ms;
	const file = fileName(sound.url);
	return sounds[sound.url] ?? msOfQuery(new URL(sound.url)) ?? sounds[file] ?? SOUND_SAMPLES.find((row) => row.file === file)?.ms;
}

function msOfQuery(url: URL): number | undefined {
	const text = url.searchParams.get('ms');
	return text === null ? undefined : Number(text);
}

function facesOfQuery(url: URL): FaceTime[] | undefined {
	const text = url.searchParams.get('faces');
	if (text === null) return undefined;
	return text
		.split(',')
		.filter(Boolean)
		.map((range) => {
			const [start = 0, end = 0] = range.split('-').map(Number);
			return [start, end];
		});
}
