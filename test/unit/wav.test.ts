import fc from 'fast-check';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';

import { filledUp as filledUpTo, readWav, wavOfSamples } from '../../nodes/shared/kling/files/audio/wav';
import { chunk, layout, riff, type Layout } from './wavBytes';

const MOST = 5_242_880;
const filledUp = (file: Buffer, ms: number) => filledUpTo(file, ms, MOST);
const length = (file: Buffer) => readWav(file)?.durationMs;
const extensible = (format: number) => Buffer.from([22, 0, 16, 0, 4, 0, 0, 0, format, 0]);

it.each<[string, Layout, bytes: number, ms: number]>([
	['8 bits', { bits: 8 }, 8000, 1000],
	['16 bits', {}, 16_000, 1000],
	['24 bits, two channels', { bits: 24, channels: 2 }, 48_000, 1000],
	['20 bits in three bytes', { bits: 20, block: 3 }, 24_000, 1000],
	['32 bits', { bits: 32 }, 32_000, 1000],
	['floating point', { format: 3, bits: 64 }, 64_000, 1000],
	['A-law', { format: 6, bits: 8 }, 8000, 1000],
	['mu-law', { format: 7, bits: 8, channels: 2 }, 16_000, 1000],
	['extensible: PCM', { format: 0xfffe, more: extensible(1) }, 16_000, 1000],
	['extensible: floating point', { format: 0xfffe, bits: 32, more: extensible(3) }, 32_000, 1000],
	['bits that it does not say: by the block', { bits: 0, block: 2 }, 16_000, 1000],
	['half a sample more', {}, 16_001, 1000],
	['a millisecond that is not whole', {}, 16_015, 1000],
	['and one that is', {}, 16_016, 1001],
	['MS ADPCM', { format: 2, bits: 4, block: 256 }, 256 * 16, 1000],
	['MS ADPCM, two channels', { format: 2, bits: 4, block: 512, channels: 2 }, 512 * 16, 1000],
	['MS ADPCM, the last block is short', { format: 2, bits: 4, block: 256 }, 256 * 16 + 135, 1032],
	['IMA ADPCM', { format: 0x11, bits: 4, block: 256 }, 256 * 16, 1010],
	['IMA ADPCM, two channels', { format: 0x11, bits: 4, block: 512, channels: 2 }, 512 * 16, 1010],
	['IMA ADPCM, the last block is short', { format: 0x11, bits: 4, block: 256 }, 256 * 16 + 36, 1018],
	['IMA ADPCM, less than the head of a block is left', { format: 0x11, bits: 4, block: 256 }, 256 * 16 + 3, 1010],
])('%s', (_name, how, bytes, ms) => {
	expect(length(riff(layout(how), chunk('data', Buffer.alloc(bytes))))).toBe(ms);
});

it.each([
	['as many as there are', 8000, 1000],
	['fewer', 7700, 962],
	['a little fewer than are decoded: as near as a length has to be', 7300, 945],
	['far fewer', 7000, null],
	['more than there can be', 9000, 1000],
	['none', 0, 1000],
])('ADPCM that says how many samples it has: %s', (_what, said, ms) => {
	const fact = Buffer.alloc(4);
	fact.writeUInt32LE(said);
	const adpcm = layout({ format: 2, bits: 4, block: 256 });
	expect(length(riff(adpcm, chunk('fact', fact), chunk('data', Buffer.alloc(4096))))).toBe(ms);
});

it('of a format that has to be decoded, the length is not known', () => {
	expect(readWav(riff(layout({ format: 0x31 }), chunk('data', Buffer.alloc(650))))).toEqual({
		durationMs: null,
		hasVideo: false,
	});
});

it.each([0, 0xffffffff, 0x7ffff000])('a stream, which says %i bytes, has what is there', (size) => {
	expect(length(riff(layout(), chunk('data', Buffer.alloc(24_000), size)))).toBe(1500);
});

it('a file that may be large says its size elsewhere', () => {
	const sizes = Buffer.alloc(28);
	sizes.writeBigUInt64LE(16_000n, 8);
	const large = (...chunks: Buffer[]) => Buffer.concat([Buffer.from('RF64\xff\xff\xff\xffWAVE', 'latin1'), ...chunks]);
	const samples = [chunk('data', Buffer.alloc(16_000), 0xffffffff), chunk('LIST', Buffer.alloc(100))];
	expect(length(large(chunk('ds64', sizes), layout(), ...samples))).toBe(1000);
	expect(length(large(chunk('ds64', Buffer.alloc(28)), layout(), chunk('data', Buffer.alloc(16_000), 0xffffffff)))).toBe(1000);
	expect(length(large(chunk('ds64', Buffer.alloc(4)), layout(), chunk('data', Buffer.alloc(16_000), 0xffffffff)))).toBe(1000);
	expect(length(large(layout(), chunk('data', Buffer.alloc(16_000))))).toBe(1000);
});

it.each<[string, Buffer]>([
	['no layout', riff(chunk('data', Buffer.alloc(100)))],
	['half a layout', riff(chunk('fmt ', Buffer.alloc(15)), chunk('data', Buffer.alloc(100)))],
	['no samples', riff(layout())],
	['not one sample', riff(layout(), chunk('data', Buffer.alloc(1), 1))],
	['no rate', riff(layout({ rate: 0 }), chunk('data', Buffer.alloc(100)))],
	['no channels', riff(layout({ channels: 0 }), chunk('data', Buffer.alloc(100)))],
	['ADPCM without blocks', riff(layout({ format: 2, block: 0 }), chunk('data', Buffer.alloc(100)))],
])('%s: damaged', (_what, file) => {
	expect(readWav(file)).toBeNull();
});

it('any WAV file is as long as a player says', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.constantFrom(8000, 11_025, 44_100, 48_000),
			fc.constantFrom(1, 2),
			fc.constantFrom(8, 16, 24),
			fc.integer({ min: 100, max: 20_000 }),
			fc.integer({ min: 0, max: 33 }),
			async (rate, channels, bits, samples, extra) => {
				const data = Buffer.alloc((samples * channels * bits) / 8);
				const file = riff(chunk('JUNK', Buffer.alloc(extra)), layout({ rate, channels, bits }), chunk('data', data));
				const input = new Input({ source: new BufferSource(file), formats: ALL_FORMATS });
				const expected = Math.floor((await input.computeDuration()) * 1000);
				input.dispose();
				expect(Math.abs(length(file)! - expected)).toBeLessThanOrEqual(1);
			},
		),
		{ numRuns: 60 },
	);
});

const anyLayout = fc
	.record({
		format: fc.constantFrom(0, 1, 2, 3, 6, 7, 0x11, 0x31, 0xfffe),
		channels: fc.integer({ min: 0, max: 9 }),
		rate: fc.constantFrom(0, 1, 8000, 0xffffffff),
		bits: fc.integer({ min: 0, max: 70 }),
		block: fc.integer({ min: 0, max: 2000 }),
		more: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
	})
	.map((how) => {
		const bytes = layout({ ...how, rate: 0 });
		bytes.writeUInt32LE(how.rate, 12);
		return bytes;
	});
const anyChunk = fc.oneof(
	anyLayout,
	fc
		.record({
			name: fc.constantFrom('data', 'fact', 'ds64', 'LIST', 'fmt '),
			content: fc.uint8Array({ maxLength: 3000 }),
			size: fc.option(fc.constantFrom(0, 1, 7, 5000, 0xfffffffe, 0xffffffff), { nil: undefined }),
		})
		.map(({ name, content, size }) => chunk(name, Buffer.from(content), size)),
);

it('whatever the chunks, and wherever the file is cut, it is read and filled up', () => {
	fc.assert(
		fc.property(fc.array(anyChunk, { maxLength: 6 }), fc.nat(3000), fc.constantFrom('RIFF', 'RF64'), (chunks, cut, name) => {
			const whole = riff(...chunks);
			whole.write(name, 'latin1');
			const file = whole.subarray(0, Math.max(12, whole.length - cut));
			const ms = length(file);
			if (typeof ms === 'number') expect(ms).toBeGreaterThan(0);
			const filled = filledUp(file, 2000);
			if (filled !== file) expect(length(filled)).toBe(2000);
		}),
		{ numRuns: 3000 },
	);
});

describe('filled up with silence', () => {
	const samplesOf = (file: Buffer) => file.subarray(file.lastIndexOf('data') + 8);

	it.each<[string, Layout, silence: number, bytes: number]>([
		['8 bits', { bits: 8 }, 0x80, 16_000],
		['16 bits, two channels', { channels: 2 }, 0, 64_000],
		['floating point', { format: 3, bits: 32 }, 0, 64_000],
		['A-law', { format: 6, bits: 8 }, 0xd5, 16_000],
		['mu-law', { format: 7, bits: 8 }, 0xff, 16_000],
		['extensible', { format: 0xfffe, more: extensible(1) }, 0, 32_000],
	])('%s', (_name, how, silence, bytes) => {
		const sound = Buffer.alloc(1200, 0x21);
		const filled = filledUp(
			riff(layout(how), chunk('LIST', Buffer.alloc(9)), chunk('data', sound), chunk('LIST', Buffer.alloc(5))),
			2000,
		);
		expect(filled).toEqual(riff(layout(how), chunk('data', Buffer.concat([sound, Buffer.alloc(bytes - 1200, silence)]))));
		expect(length(filled)).toBe(2000);
		expect(filledUp(filled, 2000)).toBe(filled);
	});

	it('half a sample at the end goes', () => {
		const samples = samplesOf(filledUp(riff(layout(), chunk('data', Buffer.alloc(101, 0x21))), 2000));
		expect(samples.subarray(98, 104)).toEqual(Buffer.from([0x21, 0x21, 0, 0, 0, 0]));
		expect(samples).toHaveLength(32_000);
	});

	it('a rate that is not whole in a millisecond', () => {
		expect(length(filledUp(riff(layout({ rate: 11_025 }), chunk('data', Buffer.alloc(100))), 1999))).toBe(1999);
	});

	it.each<[string, Buffer]>([
		['is long enough', riff(layout(), chunk('data', Buffer.alloc(32_000)))],
		['is ADPCM', riff(layout({ format: 2, bits: 4, block: 256 }), chunk('data', Buffer.alloc(4096)))],
		['is damaged', riff(layout())],
		['has no samples', riff(layout({ rate: 0 }), chunk('data', Buffer.alloc(100)))],
		['would be too large', riff(layout({ rate: 0x7fffffff, bits: 8 }), chunk('data', Buffer.alloc(5_000_000)))],
		['is no WAV', Buffer.from('ID3\x04fmt data')],
	])('what %s stays as it is', (_what, file) => {
		expect(filledUp(file, 2000)).toBe(file);
	});
});

it('samples by themselves become a file', () => {
	const samples = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]);
	expect(wavOfSamples(samples, 2, 24_000)).toEqual(riff(layout({ channels: 2, rate: 24_000 }), chunk('data', samples)));
});
