import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { RawAnswer } from '../kling/answers/answer';
import { isPublic } from '../kling/files/publicHost';
import { asKlingError, refusal, type KlingError } from '../kling/klingError';
import { readNumber, readText, readUrl } from '../kling/values';
import type { Run } from './run';
import { headOf } from './transport';

/** How long a link is valid, as n8n's signing takes it. */
const VALID_FOR = '1 hour';
/** n8n answers for its own files in milliseconds. */
const LOOK_MS = 10_000;

const OTHERWISE = 'Or upload the file to a public place, and give its URL instead.';
const UNCHECKED = 'Turn off Check Input Before Sending to send the link all the same.';
const WAY = 'WEBHOOK_URL must be the address, with its path, at which the internet reaches this n8n';

/** By how many bytes, and as what, a file is known to n8n. */
export interface FileFacts {
	bytes: number;
	mimeType: string | undefined;
}

/** A link by which anyone who has it can fetch one file of n8n's. */
export interface Link {
	url: string;
	/** What of it must not be repeated in a text: all behind the host. */
	secret: string;
}

/** Of one of n8n's files that is kept outside memory. */
export type StoredFile = IBinaryData & { id: string };

type Signs = (file: IBinaryData, expiresIn: string) => string;

/** A file that n8n can serve. @throws KlingError where it cannot, with the way out */
export function servable(context: IExecuteFunctions, file: IBinaryData): StoredFile {
	if (!signerOf(context)) {
		throw refusal('This n8n cannot serve a file by a link', `That takes n8n 1.90 or later: update n8n. ${OTHERWISE}`);
	}
	if (!file.id) {
		throw refusal(
			'n8n holds the file in the item itself, from where it cannot be served',
			`Let n8n store files: set N8N_DEFAULT_BINARY_DATA_MODE to filesystem (or, with several processes, to database), restart n8n, and run the workflow again. ${OTHERWISE}`,
		);
	}
	if (context.getMode() === 'cli') {
		throw refusal(
			'A workflow that is run by "n8n execute" cannot serve a file',
			`Run the workflow in the editor, or by its trigger. ${OTHERWISE}`,
		);
	}
	return file as StoredFile;
}

/** n8n's call for such links; n8n before 1.90 has none. */
function signerOf({ helpers }: IExecuteFunctions): Signs | undefined {
	return (helpers as { createBinarySignedUrl?: Signs }).createBinarySignedUrl;
}

/**
 * A link to a file, valid for an hour.
 * @param name what its URL ends in: the provider documents URLs of files by their endings. n8n does not mind it
 * @throws KlingError where n8n gives none
 */
export function linkTo(context: IExecuteFunctions, file: StoredFile, name: string): Link {
	const url = readUrl(sign(context, file));
	if (!url) throw refusal('n8n gave no link to the file', `${WAY}. ${OTHERWISE}`);
	const secret = url.pathname + url.search;
	url.searchParams.append('name', name);
	return { url: url.href, secret };
}

/** Called on the helpers: n8n's may know its place. */
function sign(context: IExecuteFunctions, file: StoredFile): string {
	try {
		return signerOf(context)!.call(context.helpers, file, VALID_FOR);
	} catch (error) {
		throw refusal('n8n gave no link to the file', `It says: "${asKlingError(error).message}". ${OTHERWISE}`);
	}
}

/** @throws KlingError where the internet cannot reach the host of a link */
export function checkPublic({ url }: Link): void {
	if (isPublic(url)) return;
	throw refusal(
		`The address of this n8n is not public: ${hostOf(url)}`,
		`The provider has to fetch the file. ${WAY}; in queue mode the workers need it, too. ${OTHERWISE} ${UNCHECKED}`,
	);
}

/** Whether n8n can serve a file to the internet, as far as that is seen without trying it. */
export function canServe(context: IExecuteFunctions, file: IBinaryData): boolean {
	try {
		checkPublic(linkTo(context, servable(context, file), ''));
		return true;
	} catch {
		return false;
	}
}

const hostOf = (url: string): string => new URL(url).host;

/**
 * The file as it stays until the execution is deleted. What was uploaded to a webhook lies in a place of its own at first, and is moved when the
 * execution ends or waits: a link to it would lead nowhere then. A copy stays.
 */
export async function lasting({ helpers }: IExecuteFunctions, file: StoredFile): Promise<StoredFile> {
	if (!file.id.includes('/temp/')) return file;
	const copy = await helpers.prepareBinaryData(await helpers.getBinaryStream(file.id), file.fileName, file.mimeType);
	return copy as StoredFile;
}

/**
 * Looks whether a link leads to the file, as far as that can be seen from here: an address that n8n must not or cannot reach from within may be
 * reached from the internet all the same.
 * @throws KlingError where something else answers
 */
export async function checkLink({ context, tools, connection }: Run, link: Link, facts: FileFacts): Promise<void> {
	const bounds = { timeoutMs: LOOK_MS, secrets: [...connection.secrets, link.secret], stop: tools.stop };
	const answer = await headOf(context, link.url, tools.clock, bounds).catch(() => null);
	const wrong = answer && wrongIn(answer, facts);
	if (wrong) throw notTheFile(hostOf(link.url), wrong);
}

/** Those that say that the way is wrong; others may be of a proxy on the way out, or pass. */
const NO_WAY = [301, 302, 303, 307, 308, 400, 401, 403, 404, 410];

/** What answers in place of the file; null where nothing speaks against it. */
function wrongIn({ status, headers }: Pick<RawAnswer, 'status' | 'headers'>, { bytes, mimeType }: FileFacts): string | null {
	if (NO_WAY.includes(status)) return `with HTTP ${status}`;
	if (status !== 200) return null;
	const type = essenceOf(readText(headers['content-type']));
	const length = readNumber(headers['content-length']);
	if (type !== '' && mimeType !== undefined && type !== essenceOf(mimeType)) {
		return type === 'text/html' ? 'with a web page' : 'with something else';
	}
	return length !== null && length !== bytes ? 'with a file of another size' : null;
}

function essenceOf(type: string | null): string {
	return (type ?? '').split(';')[0]!.trim().toLowerCase();
}

function notTheFile(host: string, wrong: string): KlingError {
	return refusal(
		`The address of this n8n, ${host}, answers ${wrong} in place of the file`,
		`${WAY}, and a proxy or login before it must let /rest/binary-data/signed through. ${OTHERWISE} ${UNCHECKED}`,
	);
}
