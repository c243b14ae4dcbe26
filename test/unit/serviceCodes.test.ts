import { httpStatusMeaning, SERVICE_CODES, type Retry } from '../../nodes/shared/kling/answers/serviceCodes';

const CODES: Array<[code: number, retry: Retry]> = [
	[1000, 'never'],
	[1001, 'never'],
	[1002, 'never'],
	[1003, 'never'],
	[1004, 'never'],
	[1100, 'never'],
	[1101, 'never'],
	[1102, 'never'],
	[1103, 'never'],
	[1200, 'never'],
	[1201, 'never'],
	[1202, 'never'],
	[1203, 'never'],
	[1300, 'never'],
	[1301, 'never'],
	[1302, 'notBegun'],
	[1303, 'notBegun'],
	[1304, 'never'],
	[5000, 'backoff'],
	[5001, 'fewer'],
	[5002, 'backoff'],
];

it('knows every service code of the API reference, and no other', () => {
	expect(Object.keys(SERVICE_CODES).map(Number)).toEqual(CODES.map(([code]) => code));
});

it.each(CODES)('%i is tried again: %s', (code, retry) => {
	expect(SERVICE_CODES[code]!.retry).toBe(retry);
	expect(SERVICE_CODES[code]!.message).not.toMatch(/[.!]$/);
	expect(SERVICE_CODES[code]!.remedy).toMatch(/^[A-Z].*\.$/);
});

it('only 1303 asks for a second at least', () => {
	const waiting = Object.entries(SERVICE_CODES).filter(([, { minimumWaitMs }]) => minimumWaitMs !== undefined);
	expect(waiting.map(([code, { minimumWaitMs }]) => [code, minimumWaitMs])).toEqual([['1303', 1000]]);
});

it.each<[status: number, retry: Retry]>([
	[400, 'never'],
	[401, 'never'],
	[402, 'never'],
	[403, 'never'],
	[404, 'never'],
	[405, 'never'],
	[408, 'backoff'],
	[413, 'never'],
	[418, 'never'],
	[422, 'never'],
	[429, 'notBegun'],
	[500, 'backoff'],
	[501, 'never'],
	[502, 'backoff'],
	[503, 'fewer'],
	[504, 'backoff'],
	[520, 'backoff'],
	[521, 'backoff'],
	[522, 'backoff'],
	[523, 'backoff'],
	[524, 'backoff'],
	[525, 'never'],
])('HTTP %i is tried again: %s', (status, retry) => {
	const meaning = httpStatusMeaning(status);
	expect(meaning.retry).toBe(retry);
	expect(meaning.message).toMatch(/^\S.*[^.!]$/);
	expect(meaning.remedy).toMatch(/^[A-Z].*\.$/);
});

it('a status that says nothing is named', () => {
	expect(httpStatusMeaning(418).message).toBe('The provider answered with HTTP 418');
});
