import {
	IMAGE_SAMPLES,
	SOUND_SAMPLES,
	VIDEO_SAMPLES,
	VIDEO_UPLOAD,
	madeVideo,
	sampleBytes,
	sha256Of,
	videoBytes,
} from '../samples/manifest';
import { makeImage, tinyPng } from '../samples/images';
import { file, html, type Answer } from './answers';
import { answerOfHost, BOT_FILE_PATH, botFile, publicFile } from './fileHosts';
import { isSampleHost } from './providers';
import { flagsOfQuery } from './scripts';
import type { State } from './state';
import type { GatewayRequest } from './types';

/** Whether a request is for a file, not for the API. */
export function isFilePath(host: string, pathname: string, state: State): boolean {
	return (
		isSampleHost(host) || /^\/(samples|results|n)\//.test(pathname) || BOT_FILE_PATH.test(pathname) || state.issued.has(pathname)
	);
}

/** A file of a bot, a sample, a result that an answer spoke of, or an image generated on demand (`/n/...`). */
export async function serveFile(url: URL, request: GatewayRequest, state: State): Promise<Answer> {
	if (BOT_FILE_PATH.test(url.pathname)) return botFile(url.pathname);
	const instead = answerOfHost(request);
	if (instead) return instead;
	const path = decodeURIComponent(url.pathname);
	const name = path.split('/').at(-1) ?? '';
	const known = publicFile(url);
	if (known !== undefined) return known ? recognizable(known, name, state) : html(404, '404 Not Found');
	const issued = path.replace(/^\/results/, '');
	if (state.issued.has(issued)) return result(issued, state);
	if (path.startsWith('/n/')) return generated(url, state);
	if (!path.startsWith('/samples/')) return html(404, '404 Not Found');
	if ([...IMAGE_SAMPLES, ...SOUND_SAMPLES].some((row) => row.file === name)) return file(sampleBytes(name), typeOf(name));
	if (name === VIDEO_UPLOAD) return file(sampleBytes(name), typeOf(name));
	if (VIDEO_SAMPLES.some((row) => row.file === name)) return file(videoBytes(name), typeOf(name));
	return html(404, '404 Not Found');
}

/** A file of a drawing that goes by the name of its sample, known by its hash from now on. */
function recognizable(bytes: Buffer, name: string, state: State): Answer {
	const sample = IMAGE_SAMPLES.find((row) => row.file === name);
	if (sample) state.served.set(sha256Of(bytes), sample.flags);
	return file(bytes, typeOf(name));
}

const TYPES: Record<string, string> = {
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	png: 'image/png',
	mp4: 'video/mp4',
	mov: 'video/quicktime',
	wav: 'audio/wav',
	mp3: 'audio/mpeg',
	m4a: 'audio/mp4',
	aac: 'audio/aac',
};

const typeOf = (name: string): string => TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';

/** `/n/<name>.jpg?flags=...&width=...&height=...&bytes=...`: an image like no other, known by its hash from now on. */
async function generated(url: URL, state: State): Promise<Answer> {
	const number = (name: string): number | undefined =>
		url.searchParams.has(name) ? Number(url.searchParams.get(name)) : undefined;
	const type = typeOf(url.pathname);
	if (type.startsWith('video/')) return file(videoBytes(url.pathname.split('/').at(-1) ?? ''), type);
	const bytes = await makeImage({
		width: number('width') ?? 320,
		height: number('height') ?? 320,
		bytes: number('bytes'),
		format: type === 'image/png' ? 'png' : 'jpeg',
		note: url.pathname + url.search,
	});
	state.served.set(sha256Of(bytes), flagsOfQuery(url) ?? state.settings.defaultFlags);
	return file(bytes, type === 'image/png' ? type : 'image/jpeg');
}

const COLOURS: Record<string, [number, number, number]> = {
	object_seg: [76, 120, 168],
	head_seg: [245, 133, 24],
	face_seg: [228, 87, 86],
	cloth_seg: [114, 183, 178],
	'image-watermark': [178, 121, 162],
};

async function result(path: string, { settings }: State): Promise<Answer> {
	const name = path.split('/').at(-1) ?? '';
	if (name.endsWith('.mp4')) return file(madeVideo(path, settings.videoBytes), 'video/mp4');
	if (name.endsWith('.mp3')) return file(sampleBytes('tone-3s.mp3'), 'audio/mpeg');
	if (name.endsWith('.jpg')) return file(await makeImage({ width: 320, height: 320, format: 'jpeg', note: path }), 'image/jpeg');
	return file(tinyPng(320, COLOURS[name.replace('.png', '')] ?? [150, 150, 150]), 'image/png');
}
