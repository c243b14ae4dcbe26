import type { FaultRow } from './row';

/** `Retry-After` as it should and should not be; each comes once with HTTP 429, and the second call is answered. */
const VALUES: ReadonlyArray<[id: string, value: string, fault: string]> = [
	['zero', '0', 'Retry-After: 0'],
	['one', '1', 'Retry-After: 1'],
	['negative', '-5', 'Retry-After: -5'],
	['word', 'soon', 'Retry-After: soon'],
	['exponent', '1e9', 'Retry-After: 1e9'],
	['infinity', 'Infinity', 'Retry-After: Infinity'],
	['list', '1, 2', 'Retry-After: 1, 2'],
	['past', 'Wed, 21 Oct 2015 07:28:00 GMT', 'Retry-After with a date in the past'],
	['no-date', 'Wed, 99 Foo 2026 99:99:99 GMT', 'Retry-After with a date that is none'],
	['blank', ' ', 'an empty Retry-After'],
];

/** Values that ask for more than there is patience for. */
const ABSURD: ReadonlyArray<[id: string, value: string, fault: string]> = [
	['day', '86400', 'Retry-After: 86400'],
	['absurd', '99999999999', 'Retry-After: 99999999999'],
];

const limited = (value: string): FaultRow['play'] => ({
	kind: 'answer',
	status: 429,
	headers: { 'retry-after': value },
	body: { message: 'slow down' },
});

const ROW = { group: 'Retry-After', again: 'notBegun' as const, httpStatus: 429, serviceCode: null };

export const RETRY_AFTER_ROWS: FaultRow[] = [
	...VALUES.map(([id, value, fault]) => ({
		...ROW,
		id: `after-${id}`,
		fault: `HTTP 429 once, ${fault}`,
		play: limited(value),
		times: 1,
		calls: 2,
		message: null,
	})),
	...ABSURD.map(([id, value, fault]) => ({
		...ROW,
		id: `after-${id}`,
		fault: `HTTP 429, ${fault}`,
		play: limited(value),
		calls: 1,
		description: /asks to wait/,
		message: 'The provider receives too many requests',
	})),
];
