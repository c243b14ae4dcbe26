import type { IBinaryData, IBinaryKeyData } from 'n8n-workflow';

import { withRetries } from '../engine/retry';
import type { RawAnswer } from '../kling/answer';
import { asKlingError, KlingError, refusal } from '../kling/klingError';
import { readMediaUrl } from '../kling/mediaUrl';
import { retryAfterMs } from '../kling/retryAfter';
import { handlingOf, httpStatusMeaning } from '../kling/serviceCodes';
import { interrupted } from './errors';
import type { ItemOptions } from './options';
import type { Run } from './run';
import { fetchUnsigned } from './transport';

const MOST_RESULT_BYTES = 26_214_400;
/** What an image is assumed to need in memory until it is there; most are far smaller. */
export const ASSUMED_FILE_BYTES = 4_194_304;

/** A file to fetch, and the name of the binary field it goes to. */
export interface Download {
	name: string;
	url: string;
}

/** Files fetched by field name, and for those that failed a message. */
export interface Downloaded {
	binary: IBinaryKeyData;
	errors: Record<string, string>;
}

/**
 * Fetches a file, unsigned, again where that can help. Nothing of it counts as an attempt of a paid call.
 * @param maxBytes larger files are refused
 * @throws KlingError where the file cannot be had
 */
export async function fetchFile(run: Run, url: string, maxBytes: number, options: ItemOptions): Promise<Buffer> {
	const slot = await run.downloads.lane.enter(ASSUMED_FILE_BYTES);
	if (!slot) throw refusal('The download was not begun, because the execution was stopped', 'Run the workflow again.');
	const attempt = async () => ({ sent: true, value: await fetchOnce(run, url, maxBytes, options.timeoutMs) });
	const work = { bytes: ASSUMED_FILE_BYTES, maxAttempts: options.maxAttempts, attempt };
	const outcome = await withRetries(work, slot, run.downloads);
	if ('result' in outcome) return outcome.result;
	throw 'failure' in outcome ? outcome.failure : interrupted(outcome.interrupted);
}

async function fetchOnce(run: Run, url: string, maxBytes: number, timeoutMs: number): Promise<Buffer> {
	const bounds = { timeoutMs, maxBytes, secrets: run.connection.secrets };
	const answer = await fetchUnsigned(run.context, url, run.clock, bounds);
	if (answer.status !== 200) throw notFetched(answer);
	if (answer.cut) {
		throw refusal(`The file behind the URL is larger than ${maxBytes / 1_048_576} MB`, 'Use a smaller file.');
	}
	return answer.body;
}

function notFetched({ status, headers }: RawAnswer): KlingError {
	const { retry } = httpStatusMeaning(status);
	return new KlingError(
		`The server of the file answered with HTTP ${status}`,
		{
			description: 'Open the URL in a private browser window: the file must be there for everyone, without signing in.',
			serviceCode: null,
			httpStatus: status,
			requestId: null,
			attempts: 1,
			retryable: retry !== 'never',
		},
		{ ...handlingOf({ retry }), retryAfterMs: retryAfterMs(headers['retry-after'], Date.now()) },
	);
}

/** What was fetched in a run, by the answer that names the files. */
export type DownloadCache = WeakMap<object, Map<string, Promise<Downloaded>>>;

/** Fetches the files of a result, once for all items and branches that share it. */
export async function downloadOnce(run: Run, result: object, files: Download[], options: ItemOptions): Promise<Downloaded> {
	const ofResult = run.downloaded.get(result) ?? new Map<string, Promise<Downloaded>>();
	run.downloaded.set(result, ofResult);
	const key = JSON.stringify(files);
	const downloaded = ofResult.get(key) ?? downloadAll(run, files, options);
	ofResult.set(key, downloaded);
	return await downloaded;
}

/** Fetches result files side by side. One that fails is reported by its message, and loses nothing else. */
async function downloadAll(run: Run, downloads: Download[], options: ItemOptions): Promise<Downloaded> {
	const downloaded: Downloaded = { binary: {}, errors: {} };
	await Promise.all(
		downloads.map(async ({ name, url }) => {
			const file = await download(run, name, url, options);
			if (file instanceof KlingError) downloaded.errors[name] = file.message;
			else downloaded.binary[name] = file;
		}),
	);
	return downloaded;
}

async function download(run: Run, name: string, url: string, options: ItemOptions): Promise<IBinaryData | KlingError> {
	try {
		const bytes = await fetchFile(run, readMediaUrl(url, 'image'), MOST_RESULT_BYTES, options);
		const type = imageType(bytes);
		return await run.context.helpers.prepareBinaryData(bytes, `${name}${type.extension}`, type.mime);
	} catch (error) {
		return asKlingError(error);
	}
}

/** The type by the first bytes, never by the URL. */
function imageType(bytes: Buffer): { extension: string; mime: string } {
	const start = bytes.toString('latin1', 0, 12);
	if (start.startsWith('\x89PNG')) return { extension: '.png', mime: 'image/png' };
	if (start.startsWith('\xff\xd8\xff')) return { extension: '.jpg', mime: 'image/jpeg' };
	if (/^RIFF[\s\S]{4}WEBP/.test(start)) return { extension: '.webp', mime: 'image/webp' };
	return { extension: '', mime: 'application/octet-stream' };
}
