import { retryAfterMs } from '../../nodes/shared/kling/retryAfter';

const NOW = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');

it.each([
	['0', 0],
	['2', 2000],
	[' 30 ', 30_000],
	['0.25', 250],
	['300', 300_000],
	['86400', 300_000],
	['Wed, 21 Oct 2026 07:28:10 GMT', 10_000],
	['Wednesday, 21-Oct-26 07:28:10 GMT', 10_000],
	['Wed Oct 21 07:28:10 2026 GMT', 10_000],
	['Wed, 21 Oct 2026 07:27:00 GMT', 0],
	['Thu, 22 Oct 2026 07:28:00 GMT', 300_000],
	['-1', null],
	['1e3', null],
	['soon', null],
	['retry after 5', null],
	['21 Oct 2026 07:28:10 GMT', null],
	['', null],
	['2026-10-21', null],
	[undefined, null],
	[null, null],
	[2, null],
	[['2'], null],
])('%p is %p ms', (value, expected) => {
	expect(retryAfterMs(value, NOW)).toBe(expected);
});
