import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import sharp from 'sharp';
import { makeImage, tinyPng } from '../samples/images';
import { IMAGE_SAMPLES, SOUND_SAMPLES, madeVideo, sampleByHash, sampleBytes, sha256Of, soundByHash } from '../samples/manifest';
import { scene, SCENE } from '../samples/scene';
import { LongText, decodeBase64, parseBody } from './body';

describe('sample images', () => {
	test.each(IMAGE_SAMPLES)('$file is what its row says', async ({ file, refused }) => {
		const bytes = sampleBytes(file);
		const { format, width, height } = await sharp(bytes).metadata();
		expect(bytes.length).toBeLessThan(40_000);
		expect(sampleByHash(sha256Of(bytes))?.file).toBe(file);
		expect(format === 'jpeg' || format === 'png').toBe(refused !== 'format');
		expect(Math.min(width, height) >= 300).toBe(refused !== 'size');
		expect(Math.max(width, height) / Math.min(width, height) <= 2.5).toBe(refused !== 'ratio');
	});
});

describe('sample sounds', () => {
	const FIRST_BYTES = { wav: /^RIFF....WAVE/s, mp3: /^(ID3|\xff[\xe0-\xff])/, m4a: /^....ftypM4A/s, aac: /^\xff[\xf0-\xff]/ };

	test.each(SOUND_SAMPLES)('$file is small, and of its format', ({ file, ms, seconds }) => {
		const bytes = sampleBytes(file);
		const type = file.split('.').at(-1) as keyof typeof FIRST_BYTES;
		expect(bytes.length).toBeLessThan(30_000);
		expect(bytes.toString('latin1', 0, 16)).toMatch(FIRST_BYTES[type]);
		expect(soundByHash(sha256Of(bytes))?.file).toBe(file);
		expect(Math.floor(ms / 1000)).toBe(seconds);
	});

	test('the length of a WAV is what its row says', () => {
		for (const { file, ms } of SOUND_SAMPLES.filter((row) => row.file.endsWith('.wav'))) {
			const bytes = sampleBytes(file);
			expect((1000 * bytes.readUInt32LE(bytes.indexOf('data') + 4)) / bytes.readUInt32LE(28)).toBe(ms);
		}
	});
});

describe('the video that a task makes', () => {
	test('is H.264 with sound, small, and can be played from its start', () => {
		const video = madeVideo('/1/video.mp4');
		expect(video.length).toBeLessThan(60_000);
		const at = ['ftyp', 'moov', 'avcC', 'mp4a', 'mdat'].map((box) => video.indexOf(box));
		expect(at).toEqual(at.toSorted((one, other) => one - other));
		expect(at[0]).toBe(4);
	});

	test('is of the drawn scene: as large, as long, with as many frames', async () => {
		const input = new Input({ source: new BufferSource(madeVideo('/1/video.mp4')), formats: ALL_FORMATS });
		const track = (await input.getPrimaryVideoTrack())!;
		const { packetCount } = await track.computePacketStats();
		expect([track.displayWidth, track.displayHeight, packetCount]).toEqual([
			SCENE.width,
			SCENE.height,
			Math.ceil(SCENE.seconds * SCENE.rate),
		]);
		expect(await input.computeDuration()).toBeCloseTo(SCENE.seconds, 1);
		input.dispose();
	});

	test('moves from each second to the next, but keeps its picture', async () => {
		const pixels = async (seconds: number) => await sharp(Buffer.from(scene(seconds))).resize(96).removeAlpha().raw().toBuffer(); // prettier-ignore
		const frames = await Promise.all([0, 1, 2, 3, 4, 5].map(pixels));
		const changed = frames.slice(1).map((frame, index) => {
			const different = frame.reduce((sum, value, at) => sum + Number(value !== frames[index]?.[at]), 0);
			return different / frame.length;
		});
		for (const share of changed) {
			expect(share).toBeGreaterThan(0.01);
			expect(share).toBeLessThan(0.5);
		}
	});

	test('can be as large as wished', () => {
		expect(madeVideo('a', 1_000_000)).toHaveLength(1_000_000);
		expect(madeVideo('a').equals(madeVideo('b'))).toBe(false);
	});
});

describe('makeImage', () => {
	const sizes = [20_000, 65_536, 200_003, 1_000_000];
	test.each(
		sizes.flatMap((bytes) =>
			(['jpeg', 'png'] as const).flatMap((format) =>
				(['end', 'front'] as const).map((padding) => ({ bytes, format, padding, width: 400, height: 310 })),
			),
		),
	)('%j is a whole image of exactly that size', async (wish) => {
		const image = await makeImage(wish);
		const { info } = await sharp(image, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
		expect([image.length, info.width, info.height]).toEqual([wish.bytes, 400, 310]);
		expect((await sharp(image).metadata()).format).toBe(wish.format);
	});

	test('every size in a row can be had, across the border of a segment', async () => {
		const least = (await makeImage({ width: 300, height: 300, format: 'jpeg' })).length;
		for (let more = 65_530; more < 65_550; more++) {
			const image = await makeImage({ width: 300, height: 300, format: 'jpeg', bytes: least + more });
			expect(image).toHaveLength(least + more);
			await expect(sharp(image, { failOn: 'warning' }).stats()).resolves.toBeDefined();
		}
	});

	test('another note makes other bytes; too few bytes are an error', async () => {
		const wish = { width: 300, height: 300, format: 'png' as const };
		expect(sha256Of(await makeImage({ ...wish, note: 'a' }))).not.toBe(sha256Of(await makeImage({ ...wish, note: 'b' })));
		await expect(makeImage({ ...wish, bytes: 100 })).rejects.toThrow(RangeError);
	});

	test('a tiny PNG is a PNG', async () => {
		const { data, info } = await sharp(tinyPng(20, [1, 2, 3]))
			.raw()
			.toBuffer({ resolveWithObject: true });
		expect([info.width, info.height, ...data.subarray(-3)]).toEqual([20, 20, 1, 2, 3]);
	});
});

describe('reading a body', () => {
	const long = Buffer.alloc(300_000, 'abc').toString('base64');
	const parsed = (text: string) => parseBody(Buffer.from(text));

	test('long texts are found where they are, and only texts', () => {
		const { image, list, other } = parsed(JSON.stringify({ other: 'a\\"b\\', image: long, list: [{ image: long }] })) as {
			image: LongText;
			list: [{ image: LongText }];
			other: string;
		};
		expect([image.bytes.toString(), list[0].image.bytes.toString(), other]).toEqual([long, long, 'a\\"b\\']);
	});

	test('a long text with an escape is an ordinary text', () => {
		expect(parsed(`{"image":"${long}\\/"}`)).toEqual({ image: `${long}/` });
	});

	test.each(['', 'null', '[]', '"a"', '{"a":"b"', `{"a":"${long}`, `{"a":"${long}" "b"}`])('not a JSON object: %#', (text) => {
		expect(() => parsed(text)).toThrow();
	});

	test('not UTF-8', () => {
		expect(() => parseBody(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toThrow();
	});

	test('Base64 is strict, in one piece or many', () => {
		const bytes = Buffer.alloc(200_000, 'abcdefg');
		const text = bytes.toString('base64');
		expect(decodeBase64(text)).toMatchObject({ bytes: 200_000, sha256: sha256Of(bytes) });
		for (const wrong of ['', 'abc', 'ab=c', 'YR==', `${text.slice(0, -4)}=AAA`, text.replace('Y', '-'), `YQ==${text}`])
			expect(decodeBase64(wrong)).toBeUndefined();
	});
});
