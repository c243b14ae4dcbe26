import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';

import type { INodeExecutionData } from 'n8n-workflow';

import type { Engine } from '../engine/engine';
import { IMAGE_SAMPLES, VIDEO_SAMPLES, sampleBytes } from '../samples/manifest';
import { UsageError, type LiveRequest } from './arguments';
import type { Audio } from './generate';

/** How an image reaches the node. */
export type Source = 'url' | 'binary' | 'base64';

/** One image to recognize, or one video to look for faces in. */
export interface Subject {
	name: string;
	source: Source;
	item: INodeExecutionData;
	/** What must come out, where that is known: segments found, or the number of faces. */
	expected?: string[] | number;
	/** Whether the node must refuse it. */
	refused?: boolean;
}

const IMAGE_HOST = 'https://images.kling-samples.test/samples';
const VIDEO_HOST = 'https://videos.kling-samples.test/samples';

const SHOWN: Array<[file: string, source: Source]> = [
	['portrait.jpg', 'url'],
	['portrait.png', 'binary'],
	['two-people.jpg', 'base64'],
	['two-people.png', 'url'],
	['garment.jpg', 'binary'],
	['garment.png', 'base64'],
	['statue.png', 'binary'],
	['from-behind.jpg', 'url'],
	['landscape.jpg', 'base64'],
	['portrait.png', 'binary'],
	['wide-3to1.jpg', 'binary'],
];

/** The sample images, as JPEG and PNG, by URL, as binary and as Base64. */
export async function sampleImages(engine: Engine): Promise<Subject[]> {
	return await Promise.all(
		SHOWN.map(async ([file, source]) => {
			const sample = IMAGE_SAMPLES.find((row) => row.file === file)!;
			const item =
				source === 'url'
					? { json: { imageUrl: `${IMAGE_HOST}/${file}` } }
					: await fileItem(engine, file, sampleBytes(file), source);
			return { name: file, source, item, expected: sample.flags, refused: sample.refused !== undefined };
		}),
	);
}

/** The sample videos. */
export function sampleVideos(): Subject[] {
	return VIDEO_SAMPLES.map(({ file, faces }) => ({
		name: file,
		source: 'url',
		item: { json: { videoUrl: `${VIDEO_HOST}/${file}` } },
		expected: faces.length,
	}));
}

/** The images of a live request. @throws UsageError where a file cannot be read */
export async function liveImages(engine: Engine, { images, imageUrls }: LiveRequest): Promise<Subject[]> {
	const files = images.map(async (path): Promise<Subject> => {
		const item = await fileItem(engine, basename(path), read(path), 'binary');
		return { name: basename(path), source: 'binary', item };
	});
	const urls = imageUrls.map((url): Subject => ({ name: shortUrl(url), source: 'url', item: { json: { imageUrl: url } } }));
	return [...(await Promise.all(files)), ...urls];
}

/** The videos of a live request. */
export function liveVideos({ videoUrls }: LiveRequest): Subject[] {
	return videoUrls.map((url) => ({ name: shortUrl(url), source: 'url', item: { json: { videoUrl: url } } }));
}

/** The audio of a live request. @throws UsageError where its file cannot be read */
export async function liveAudio(engine: Engine, { file, url }: NonNullable<LiveRequest['audio']>): Promise<Audio> {
	if (file !== undefined) return await audioFile(engine, basename(file), read(file));
	return { parameters: { audioSource: 'url', audioUrl: url } };
}

/** Audio that comes as a file: the node finds it in the item. */
export async function audioFile(engine: Engine, name: string, bytes: Buffer): Promise<Audio> {
	const audio = await engine.binary(bytes, name, 'audio/mpeg');
	return { parameters: {}, binary: { audio } };
}

async function fileItem(engine: Engine, file: string, bytes: Buffer, source: Source): Promise<INodeExecutionData> {
	if (source === 'base64') return { json: { base64: bytes.toString('base64') } };
	const type = extname(file).toLowerCase() === '.png' ? 'image/png' : 'image/jpeg';
	return { json: {}, binary: { data: await engine.binary(bytes, file, type) } };
}

function read(path: string): Buffer {
	try {
		return readFileSync(path);
	} catch {
		throw new UsageError(`The file ${path} cannot be read.`);
	}
}

/** A URL without its query, which can hold a signature. */
function shortUrl(url: string): string {
	return URL.canParse(url) ? new URL(url).pathname.split('/').at(-1) || new URL(url).host : url;
}
