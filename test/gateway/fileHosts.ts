import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGE_SAMPLES, PUBLISHED_DIR, SOUND_SAMPLES, sampleBytes } from '../samples/manifest';
import { file, html, json, type Answer } from './answers';
import { hostName } from './providers';
import type { GatewayRequest } from './types';

/** Where Telegram's Bot API keeps files, and what is there for one bot. Source: its reference, "File". */
export const BOT_FILE_PATH = /^\/file\/bot([^/]+)\/(?:photos|voice|music|documents)\/([^/]+)$/;

/** The one token that opens files: the id of a bot, a colon, and 35 characters. */
export const BOT_TOKEN = '7312345678:AAGdq0Xw5Zr_9mBvKtYpLhQe-2sNfUcJi4o';

/** The file of a bot, or what the Bot API answers where there is none. Source: its reference, "Making requests": `ok`, `error_code`, `description`. */
export function botFile(pathname: string): Answer {
	const [, token, name = ''] = BOT_FILE_PATH.exec(pathname) ?? [];
	if (decodeURIComponent(token ?? '') !== BOT_TOKEN) return botError(401, 'Unauthorized');
	const isThere = [...IMAGE_SAMPLES, ...SOUND_SAMPLES].some((row) => row.file === name);
	// Telegram says of no file what it is.
	return isThere ? file(sampleBytes(name), 'application/octet-stream') : botError(404, 'Not Found');
}

/** Where jsDelivr has the files that the package brings for its examples. Source: its documentation, "npm": every file of a package. */
export const PUBLISHED_URL = 'https://cdn.jsdelivr.net/npm/n8n-nodes-kling-recognition/examples/files/';

/** The image that Kling's documentation shows: persons, with all that is recognized. */
export const KLING_SAMPLE = 'https://p2-kling.klingai.com/kcdn/cdn-kcdn112452/kling-qa-test/multi-1.png';

/** The bytes behind a URL of the hosts above; null where they have no such file, undefined for any other host. */
export function publicFile(url: URL): Buffer | null | undefined {
	if (![PUBLISHED_URL, KLING_SAMPLE].some((known) => new URL(known).host === url.host)) return undefined;
	if (url.href === KLING_SAMPLE) return sampleBytes('two-people.png');
	const path = join(PUBLISHED_DIR, url.href.slice(PUBLISHED_URL.length));
	return url.href.startsWith(PUBLISHED_URL) && existsSync(path) ? readFileSync(path) : null;
}

const botError = (error_code: number, description: string): Answer => json(error_code, { ok: false, error_code, description });

/** What a host with a mind of its own answers instead of the file; undefined where it has no objection. */
export function answerOfHost({ host, headers }: GatewayRequest): Answer | undefined {
	const name = hostName(host);
	// Wikimedia, for one, answers 403 to a client that sends no name of its own. Source: its User-Agent policy.
	if (name === 'strict.kling-samples.test' && !isNamed(headers)) return html(403, '403 Forbidden');
	// A CDN that stores each image as AVIF too, and sends the smaller one where the client takes it as gladly. Source: RFC 9110, "Accept".
	if (name === 'cdn.kling-samples.test' && quality('image/avif', headers) >= quality('image/jpeg', headers)) {
		return file(AVIF, 'image/avif');
	}
	return undefined;
}

/** Names that programs have by default: HTTP clients, and n8n. */
const DEFAULT_AGENT = /^(axios|node|undici|n8n|got|node-fetch|python-requests|curl)(\/|$)/i;

const isNamed = ({ 'user-agent': agent = '', accept = '' }: Record<string, string>): boolean =>
	accept !== '' && agent !== '' && !DEFAULT_AGENT.test(agent);

/** How gladly a type is taken, from 0 to 1: the most specific range counts. */
function quality(type: string, { accept = '*/*' }: Record<string, string>): number {
	const ranges = accept.split(',').map((part) => {
		const [range = '', ...parameters] = part.split(';').map((word) => word.trim());
		return { range, q: Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1) };
	});
	const fitting = [type, `${type.split('/')[0]}/*`, '*/*'];
	return fitting.flatMap((one) => ranges.filter(({ range }) => range === one))[0]?.q ?? 0;
}

/** The head of an AVIF file; nobody decodes it. */
export const AVIF = Buffer.from('\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf', 'latin1');
