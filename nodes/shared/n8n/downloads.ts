import type { IBinaryData, IBinaryKeyData } from 'n8n-workflow';

import type { Lane } from '../engine/lane';
import { withRetries } from '../engine/retry';
import type { RawAnswer } from '../kling/answers/answer';
import { retryAfterMs, saidWait } from '../kling/answers/retryAfter';
import { handlingOf, httpStatusMeaning } from '../kling/answers/serviceCodes';
import type { MediaKind } from '../kling/files/mediaKind';
import { readMediaUrl, USE_THE_FILE } from '../kling/files/mediaUrl';
import { asKlingError, KlingError, refusal } from '../kling/klingError';
import { interrupted } from './errors';
import { PATIENCE_MS, type ItemOptions } from './options';
import type { Run } from './run';
import { fetchAsItComes, fetchUnsigned, type Coming, type Readable, type Wanted } from './transport';

/** The largest result files; long videos in 4K have some 200 MB. */
const MOST_RESULT_BYTES: Readonly<Record<MediaKind, number>> = { image: 26_214_400, audio: 26_214_400, video: 524_288_000 };
/** What an image is assumed to need in memory until it is there; most are far smaller. */
const ASSUMED_FILE_BYTES = 1_048_576;

/** A file to fetch, and the name of the binary field it goes to. */
export interface Download {
	name: string;
	url: string;
	kind: MediaKind;
	/** The file's name without its ending, where it is not that of the field. */
	fileName?: string;
}

/** Files fetched by field name, and for those that failed a message. */
export interface Downloaded {
	binary: IBinaryKeyData;
	errors: Record<string, string>;
}

/** A file that was fetched, and the room for it, to be given back. */
export interface FetchedFile {
	file: Buffer;
	free(): void;
}

/**
 * Fetches a file, unsigned, again where that can help. Nothing of it counts as an attempt of a paid call.
 * @param maxBytes larger files are refused
 * @throws KlingError where the file cannot be had
 */
export async function fetchFile(run: Run, wanted: Wanted, maxBytes: number, options: ItemOptions): Promise<FetchedFile> {
	const bounds = { timeoutMs: options.timeoutMs, maxBytes, secrets: run.connection.secrets, stop: run.tools.stop };
	return await again(run, run.lanes.files(wanted.url), options, async () => {
		const answer = await fetchUnsigned(run.context, wanted, run.tools.clock, bounds);
		if (answer.status !== 200) throw notFetched(answer);
		if (answer.cut) throw tooLarge(maxBytes);
		const { free } = run.account.files.take(answer.body.length);
		return { file: answer.body, free };
	});
}

/** Fetches something, again where that can help. */
async function again<T>(run: Run, lane: Lane, { maxAttempts }: ItemOptions, fetchOnce: () => Promise<T>): Promise<T> {
	const work = { lane, bytes: ASSUMED_FILE_BYTES, patienceMs: PATIENCE_MS, maxAttempts, attempt: fetchOnce };
	const outcome = await withRetries(work, run.tools);
	if ('result' in outcome) return outcome.result;
	// Nothing was sent to the provider.
	if ('failure' in outcome) throw outcome.failure.afterAttempts(0);
	throw outcome.interrupted
		? interrupted(outcome.interrupted)
		: refusal('The download was not begun, because the execution was stopped', 'Run the workflow again.');
}

function tooLarge(maxBytes: number): KlingError {
	return refusal(`The file behind the URL is larger than ${maxBytes / 1_048_576} MB`, 'Use a smaller file.');
}

function notFetched({ status, headers }: Pick<RawAnswer, 'status' | 'headers'>): KlingError {
	const { retry } = httpStatusMeaning(status);
	const retryable = retry !== 'never';
	const askedMs = retryAfterMs(headers['retry-after'], Date.now());
	const wait = retryable ? saidWait(askedMs, 'server of the file') : '';
	return new KlingError(
		`The server of the file answered with HTTP ${status}`,
		{
			description:
				`Open the URL in a private browser window: the file must be there for everyone, without signing in. ${wait}`.trim(),
			serviceCode: null,
			httpStatus: status,
			requestId: null,
			attempts: 1,
			retryable,
		},
		{ ...handlingOf({ retry }), retryAfterMs: askedMs },
	);
}

function pageInstead(kind: MediaKind): KlingError {
	return refusal(`The server of the file sent a web page instead of the ${kind}`, USE_THE_FILE);
}

/** What was fetched in each run, by the answer that names the files. */
const runs = new WeakMap<Run, WeakMap<object, Map<string, Promise<Downloaded>>>>();

/** Fetches the files of a result, once for all items and branches that share it. */
export async function downloadOnce(run: Run, result: object, files: Download[], options: ItemOptions): Promise<Downloaded> {
	const ofRun = runs.get(run) ?? new WeakMap<object, Map<string, Promise<Downloaded>>>();
	runs.set(run, ofRun);
	const ofResult = ofRun.get(result) ?? new Map<string, Promise<Downloaded>>();
	ofRun.set(result, ofResult);
	const key = JSON.stringify(files);
	const downloaded = ofResult.get(key) ?? downloadAll(run, files, options);
	ofResult.set(key, downloaded);
	return await downloaded;
}

/**
 * Fetches result files side by side; they stand in their order, whichever comes first. One that fails is reported by its message, and
 * loses nothing else.
 */
async function downloadAll(run: Run, downloads: Download[], options: ItemOptions): Promise<Downloaded> {
	const files = await Promise.all(downloads.map(async (wanted) => await download(run, wanted, options)));
	const downloaded: Downloaded = { binary: {}, errors: {} };
	for (const [index, { name }] of downloads.entries()) {
		const file = files[index]!;
		if (file instanceof KlingError) downloaded.errors[name] = file.message;
		else downloaded.binary[name] = file;
	}
	return downloaded;
}

async function download(
	run: Run,
	{ name, url, kind, fileName = name }: Download,
	options: ItemOptions,
): Promise<IBinaryData | KlingError> {
	const bounds = { timeoutMs: options.timeoutMs, secrets: run.connection.secrets, stop: run.tools.stop };
	try {
		const source = readMediaUrl(url, kind);
		return await again(
			run,
			run.lanes.downloads(url),
			options,
			async () =>
				await fetchAsItComes(
					run.context,
					{ url: source, kind },
					run.tools.clock,
					bounds,
					async (coming) => await store(run, coming, fileName, kind),
				),
		);
	} catch (error) {
		return asKlingError(error);
	}
}

/** Hands a file to n8n while it comes: where n8n keeps files outside memory, it never is in memory as a whole. */
async function store(run: Run, coming: Coming, fileName: string, kind: MediaKind): Promise<IBinaryData> {
	if (coming.status !== 200) throw notFetched(coming);
	const { stream } = coming;
	const { head, isWhole } = await peek(stream);
	if (PAGE.test(head.toString('latin1'))) throw pageInstead(kind);
	const { extension, mime } = fileType(head);
	let broken: unknown;
	stream.on('error', (error) => (broken = error));
	const content = isWhole ? head : bounded(stream, MOST_RESULT_BYTES[kind]);
	try {
		return await run.context.helpers.prepareBinaryData(content, `${fileName}${extension}`, mime);
	} catch (error) {
		// What n8n could not store is there all the same: only where the server broke off, fetching it again can help.
		throw broken ?? asKlingError(error);
	}
}

/** As many bytes as tell a file's type, and a page from a file. */
const HEAD_BYTES = 64;
const PAGE = /^\s*<(!doctype html|html|head|body)/i;

/** The first bytes of a stream, which stay in it unless they are all that came. */
async function peek(stream: Readable): Promise<{ head: Buffer; isWhole: boolean }> {
	let head = Buffer.alloc(0);
	for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
		head = Buffer.concat([head, chunk as Buffer]);
		if (head.length < HEAD_BYTES) continue;
		stream.unshift(head);
		return { head, isWhole: false };
	}
	if (head.length > 0) return { head, isWhole: true };
	throw refusal('The file behind the URL is empty', 'Open the URL in a browser to see whether the file is there.');
}

function bounded(stream: Readable, maxBytes: number): Readable {
	let bytes = 0;
	return stream.map((chunk: Buffer) => {
		bytes += chunk.length;
		if (bytes > maxBytes) throw tooLarge(maxBytes);
		return chunk;
	});
}

/** File types by their first bytes, read as Latin-1, one row each. */
const FILE_TYPES: ReadonlyArray<{ pattern: RegExp; extension: string; mime: string }> = [
	{ pattern: /^\x89PNG/, extension: '.png', mime: 'image/png' },
	{ pattern: /^\xff\xd8\xff/, extension: '.jpg', mime: 'image/jpeg' },
	{ pattern: /^RIFF[\s\S]{4}WEBP/, extension: '.webp', mime: 'image/webp' },
	{ pattern: /^RIFF[\s\S]{4}WAVE/, extension: '.wav', mime: 'audio/wav' },
	{ pattern: /^(ID3|\xff[\xf2\xf3\xfa\xfb])/, extension: '.mp3', mime: 'audio/mpeg' },
	{ pattern: /^[\s\S]{4}ftypM4[AB]/, extension: '.m4a', mime: 'audio/mp4' },
	{ pattern: /^[\s\S]{4}ftypqt/, extension: '.mov', mime: 'video/quicktime' },
	{ pattern: /^[\s\S]{4}ftypavi[fs]/, extension: '.avif', mime: 'image/avif' },
	{ pattern: /^[\s\S]{4}ftyp/, extension: '.mp4', mime: 'video/mp4' },
];

/** The type by the first bytes, never by the URL. */
function fileType(head: Buffer): { extension: string; mime: string } {
	const start = head.toString('latin1');
	return FILE_TYPES.find(({ pattern }) => pattern.test(start)) ?? { extension: '', mime: 'application/octet-stream' };
}
