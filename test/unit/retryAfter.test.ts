import { retryAfterMs, saidWait } from '../../nodes/shared/kling/answers/retryAfter';

const NOW = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');

it.each([
	['0', 0],
	['2', 2000],
	[' 30 ', 30_000],
	['0.25', 250],
	['300', 300_000],
	['86400', 86_400_000],
	['Wed, 21 Oct 2026 07:28:10 GMT', 10_000],
	['Wednesday, 21-Oct-26 07:28:10 GMT', 10_000],
	['Wed Oct 21 07:28:10 2026 GMT', 10_000],
	['Wed, 21 Oct 2026 07:27:00 GMT', 0],
	['Thu, 22 Oct 2026 07:28:00 GMT', 86_400_000],
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

it.each([
	[null, ''],
	[0, ''],
	[999, ''],
	[1000, 'The provider asks to wait 1 second before the next call.'],
	[1001, 'The provider asks to wait 2 seconds before the next call.'],
	[2000, 'The provider asks to wait 2 seconds before the next call.'],
	[60_000, 'The provider asks to wait 60 seconds before the next call.'],
	[120_000, 'The provider asks to wait 2 minutes before the next call.'],
	[120_001, 'The provider asks to wait 3 minutes before the next call.'],
	[7_200_000, 'The provider asks to wait 2 hours before the next call.'],
	[86_400_000, 'The provider asks to wait 24 hours before the next call.'],
	[172_800_000, 'The provider asks to wait 2 days before the next call.'],
])('%p ms are told as "%s"', (ms, said) => {
	expect(saidWait(ms)).toBe(said);
});
