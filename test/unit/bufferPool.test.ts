import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { BufferPool } from '../../nodes/shared/n8n/bufferPool';
import { settle } from './fakeTime';

it.each([1, 65_536, 65_537, 10_000_000])('a buffer for %i bytes is long enough, by less than 64 KB', (length) => {
	const buffer = new BufferPool().take(length);
	expect(buffer.length).toBeGreaterThanOrEqual(length);
	expect(buffer.length - length).toBeLessThan(65_536);
});

it('a buffer that came back is used again, once', () => {
	const pool = new BufferPool();
	const buffer = pool.take(100_000);
	pool.give(buffer);
	expect(pool.take(90_000)).toBe(buffer);
	expect(pool.take(90_000)).not.toBe(buffer);
});

it.each([
	['too short', 131_073],
	['more than twice as long', 65_535],
])('a buffer that is %s is left for others', (_name, length) => {
	const pool = new BufferPool();
	const buffer = pool.take(131_072);
	pool.give(buffer);
	expect(pool.take(length)).not.toBe(buffer);
	expect(pool.take(131_072)).toBe(buffer);
});

it('keeps six at most, the newest', () => {
	const pool = new BufferPool();
	const buffers = Array.from({ length: 7 }, () => pool.take(65_536));
	for (const buffer of buffers) pool.give(buffer);
	const taken = Array.from({ length: 7 }, () => pool.take(65_536));
	expect(taken.slice(0, 6)).toEqual(buffers.slice(1));
	expect(taken.slice(0, 6).every((buffer, index) => buffer === buffers[index + 1])).toBe(true);
	expect(buffers).not.toContain(taken[6]);
});

it('what nobody needs is not held: it can be collected', async () => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	const pool = new BufferPool();
	const giveBack = () =>
		[1, 2, 3].map(() => {
			const buffer = pool.take(1_000_000);
			pool.give(buffer);
			return new WeakRef(buffer);
		});
	const given = giveBack();
	expect(given.every((buffer) => buffer.deref() !== undefined)).toBe(true);
	for (let round = 0; round < 3; round += 1) {
		await settle();
		collect();
	}
	expect(given.map((buffer) => buffer.deref())).toEqual([undefined, undefined, undefined]);
	expect(pool.take(1_000_000)).toHaveLength(1_048_576);
});
