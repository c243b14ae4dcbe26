import type { Again, FaultRow } from './row';

const LIMITED = 'The provider receives too many requests';
const EDGE = 'The provider could not be reached behind its edge';
const REDIRECTED = 'The provider redirects the call to elsewhere.kling-samples.test';
const other = (status: number): string => `The provider answered with HTTP ${status}`;

/** HTTP statuses without a service code: whether to send again, what the user reads. */
export const STATUSES: ReadonlyArray<[status: number, again: Again, message: string]> = [
	...[300, 301, 302, 303, 307, 308].map((status): [number, Again, string] => [status, 'never', REDIRECTED]),
	[304, 'never', 'The provider redirects the call'],
	[400, 'never', 'The provider refused the request'],
	[401, 'never', 'The provider rejected the key'],
	[402, 'never', 'The account has no balance left'],
	[403, 'never', 'The provider does not allow this request'],
	[404, 'never', 'The provider does not know this route'],
	[405, 'never', other(405)],
	[406, 'never', other(406)],
	[407, 'never', other(407)],
	[408, 'backoff', 'The provider waited too long for the request'],
	[409, 'never', other(409)],
	[410, 'never', other(410)],
	[411, 'never', other(411)],
	[413, 'never', 'The request is too large for the provider'],
	[414, 'never', other(414)],
	[415, 'never', other(415)],
	[418, 'never', other(418)],
	[421, 'never', other(421)],
	[422, 'never', other(422)],
	[425, 'never', other(425)],
	[426, 'never', other(426)],
	[428, 'never', other(428)],
	[429, 'notBegun', LIMITED],
	[431, 'never', other(431)],
	[451, 'never', other(451)],
	[499, 'never', other(499)],
	[500, 'backoff', 'The provider had an internal error'],
	[501, 'never', other(501)],
	[502, 'backoff', 'The provider could not reach Kling'],
	[503, 'backoff', 'The provider is not available'],
	[504, 'backoff', 'The provider got no answer in time'],
	[505, 'never', other(505)],
	[507, 'never', other(507)],
	[508, 'never', other(508)],
	[511, 'never', other(511)],
	...[520, 521, 522, 523, 524].map((status): [number, Again, string] => [status, 'backoff', EDGE]),
	[525, 'never', other(525)],
	[526, 'never', other(526)],
	[530, 'never', other(530)],
	[598, 'never', other(598)],
	[599, 'never', other(599)],
];

const ELSEWHERE = 'https://elsewhere.kling-samples.test/n/elsewhere.png';

/** Each status as JSON without a code, as an HTML page, and without a body; a redirect with its goal. */
export const STATUS_ROWS: FaultRow[] = STATUSES.flatMap(([status, again, message]) => {
	const row = { group: 'HTTP statuses', again, message, httpStatus: status, serviceCode: null };
	if (status < 400 && status !== 304) {
		const play = { kind: 'redirect' as const, status, location: ELSEWHERE };
		return [{ ...row, id: `status-${status}`, fault: `HTTP ${status} to another host`, play }];
	}
	const json = { kind: 'answer' as const, status, body: { message: 'as the provider words it' } };
	const rows = [{ ...row, id: `status-${status}`, fault: `HTTP ${status}`, play: json as FaultRow['play'] }];
	if (![403, 404, 429, 500, 502, 503, 524].includes(status)) return rows;
	// Of a 429, only JSON says that the call was never begun.
	const edge = { ...row, again: again === 'notBegun' ? ('backoff' as const) : again };
	return [
		...rows,
		{ ...edge, id: `status-${status}-html`, fault: `HTTP ${status} as an HTML page`, play: { kind: 'html' as const, status } },
		{ ...edge, id: `status-${status}-empty`, fault: `HTTP ${status} without a body`, play: { kind: 'empty' as const, status } },
	];
});
