import { connectionRows, FILE_SERVER } from './connections';
import { RETRY_AFTER_ROWS } from './retryAfter';
import type { FaultRow } from './row';
import { STATUSES } from './statuses';

const status = (code: number): string => `The server of the file answered with HTTP ${code}`;

/** Redirects of files are followed: the file stands there, or nowhere. */
const REDIRECTS: readonly FaultRow[] = [301, 302, 303, 307, 308].flatMap((code) => [
	{
		...base(`redirect-${code}`, 'HTTP statuses', `HTTP ${code} to a file`),
		play: { kind: 'redirect' as const, status: code, location: 'https://elsewhere.kling-samples.test/n/elsewhere.png' },
		message: null,
	},
	{
		...base(`redirect-lost-${code}`, 'HTTP statuses', `HTTP ${code} to nowhere`),
		play: { kind: 'redirect' as const, status: code, location: 'https://elsewhere.kling-samples.test/samples/none.png' },
		message: status(404),
		httpStatus: 404,
	},
]);

const LOOP: FaultRow = {
	...base('redirect-loop', 'HTTP statuses', 'a redirect to itself'),
	play: { kind: 'redirect', status: 302, location: '' },
	message: 'The server of the file redirects without end',
	// The first one, and the 21 redirects that n8n follows.
	calls: 22,
};

const STATUS_ROWS: readonly FaultRow[] = STATUSES.filter(([code]) => code >= 400 || code === 304).map(([code, again]) => ({
	...base(`status-${code}`, 'HTTP statuses', `HTTP ${code}`),
	play: { kind: 'html', status: code },
	again,
	message: status(code),
	httpStatus: code,
}));

/** Where the file is refused by its content, the refusals differ: by what is done with the file. */
interface ContentWords {
	html: string;
	empty: string | null;
	truncated: string | null;
	tooLarge: string;
}

function contentRows(words: ContentWords): FaultRow[] {
	const row = (id: string, fault: string, play: FaultRow['play'], message: string | null): FaultRow => ({
		...base(`content-${id}`, 'Content', fault),
		play,
		message,
	});
	return [
		row('html', 'an HTML page with HTTP 200', { kind: 'html', status: 200 }, words.html),
		row('empty', 'an empty file', { kind: 'empty', status: 200 }, words.empty),
		row('no-content', 'HTTP 204', { kind: 'empty', status: 204 }, status(204)),
		row('truncated', 'half of the file', { kind: 'truncated' }, words.truncated),
		row('big', 'a file of 50 MB', { kind: 'big', bytes: 50 * 2 ** 20 }, words.tooLarge),
		row(
			'big-declared',
			'a file of 50 MB with its length',
			{ kind: 'big', bytes: 50 * 2 ** 20, declareLength: true },
			words.tooLarge,
		),
		row('endless', 'a file without end', { kind: 'big', bytes: 2 ** 40 }, words.tooLarge),
		row('wrong-type', 'the file as text/html', { kind: 'wrongContentType' }, null),
	].map((one) => (one.id === 'content-no-content' ? { ...one, httpStatus: 204 } : one));
}

const RETRY_AFTER: readonly FaultRow[] = RETRY_AFTER_ROWS.map((row) => ({
	...row,
	message: row.message === null ? null : status(429),
}));

const COMMON: readonly FaultRow[] = [...connectionRows(FILE_SERVER), ...STATUS_ROWS, ...REDIRECTS, LOOP, ...RETRY_AFTER];

/** What can go wrong with a result image that is downloaded. */
export const RESULT_FILE_ROWS: readonly FaultRow[] = [
	...COMMON,
	...contentRows({
		html: 'The server of the file sent a web page instead of the image',
		empty: 'The file behind the URL is empty',
		truncated: null,
		tooLarge: 'The file behind the URL is larger than 25 MB',
	}),
];

/** What can go wrong with an image that is fetched first, and sent then. */
export const SOURCE_FILE_ROWS: readonly FaultRow[] = [
	...COMMON,
	...contentRows({
		html: 'The file is a web page, not a JPEG or PNG image',
		empty: 'The image is empty',
		truncated: null,
		tooLarge: 'The file behind the URL is larger than 10 MB',
	}),
];

function base(id: string, group: string, fault: string): Omit<FaultRow, 'play' | 'message'> {
	return { id, group, fault, again: 'never', httpStatus: null, serviceCode: null };
}
