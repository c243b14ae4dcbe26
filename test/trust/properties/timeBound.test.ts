import { KlingError } from '../../../nodes/shared/kling/klingError';
import { normaliseBase64 } from '../../../nodes/shared/kling/base64';
import { BufferPool } from '../../../nodes/shared/n8n/bufferPool';
import { imageBody } from '../../../nodes/shared/n8n/imageInput';
import type { Item } from '../../../nodes/shared/n8n/operation';
import { makeImage } from '../../samples/images';

const SIZE = 10 * 2 ** 20;
/** What the requirement allows, over a valid image of the same size. */
const FACTOR = 3;
const ROUNDS = 12;

/** A start, and a piece repeated until the size is reached. */
function filled(start: string, piece: string): Buffer {
	const bytes = Buffer.alloc(SIZE, piece, 'latin1');
	bytes.write(start, 'latin1');
	return bytes;
}

const HOSTILE: ReadonlyArray<[name: string, bytes: Buffer]> = [
	['a JPEG of fill bytes', filled('\xff\xd8\xff', '\xff')],
	['a JPEG of zeros', filled('\xff\xd8\xff', '\0')],
	['a JPEG of empty segments', filled('\xff\xd8', '\xff\xe0\0\x02')],
	['a JPEG of segments without a length', filled('\xff\xd8', '\xff\xe0\0\0')],
	['a JPEG of markers without a segment', filled('\xff\xd8', '\xff\x01')],
	['a JPEG of starts', filled('\xff\xd8', '\xff\xd8')],
	['a JPEG of restart markers', filled('\xff\xd8\xff', '\xff\xd0\0')],
	['a PNG of signatures', filled('', '\x89PNG\r\n\x1a\n')],
	['a PNG of empty chunks', filled('\x89PNG\r\n\x1a\n', '\0\0\0\0tEXt\0\0\0\0')],
	['an SVG without end', filled('<?xml', ' ')],
	['white space', filled('', ' ')],
	['a text', filled('', 'a')],
	['a RIFF of RIFFs', filled('', 'RIFF')],
	['boxes in boxes', filled('', '\0\0\0\x08ftyp')],
];

/** Reading, building, checking and fingerprinting an image: all that happens to it before it is sent. */
async function prepare(bytes: Buffer): Promise<void> {
	const run = { pool };
	const options = { checkInput: true };
	const writeTo = async (body: { append(piece: Buffer): void }): Promise<void> => body.append(bytes);
	const { recycle } = await imageBody({ run, options } as unknown as Item, { id: null, bytes: bytes.length, writeTo }).build();
	recycle();
}

const pool = new BufferPool();

type Work = () => Promise<void> | void;

/** How long the work takes, in milliseconds; a refusal is an end like any other. */
async function timeOf(work: Work): Promise<number> {
	const began = performance.now();
	try {
		await work();
	} catch (error) {
		if (!(error instanceof KlingError)) throw error;
	}
	return performance.now() - began;
}

/**
 * How many times as long as the reference the work takes, by the shortest of several rounds of each: what it takes without
 * what disturbed it. Taken in turns, because other suites run at the same time.
 */
async function ratio(work: Work, reference: Work): Promise<number> {
	const times: Array<[number, number]> = [];
	for (let round = 0; round < ROUNDS; round += 1) times.push([await timeOf(work), await timeOf(reference)]);
	return Math.min(...times.map(([time]) => time)) / Math.min(...times.map(([, time]) => time));
}

let valid: Buffer;
let validText: string;

beforeAll(async () => {
	valid = await makeImage({ width: 800, height: 600, format: 'jpeg', bytes: SIZE });
	validText = valid.toString('base64');
});

test.each(HOSTILE)('10 MB of %s takes no longer than a valid image, within a factor of 3', async (_name, bytes) => {
	expect(
		await ratio(
			() => prepare(bytes),
			() => prepare(valid),
		),
	).toBeLessThan(FACTOR);
});

const repeated = (piece: string): string => piece.repeat((SIZE * 4) / 3 / piece.length);
const TEXTS: ReadonlyArray<[name: string, text: string]> = [
	['padding', repeated('=')],
	['white space', repeated(' ')],
	['letters between line breaks', repeated('A\n')],
	['URL alphabet', repeated('-_')],
	['data URLs', repeated('data:image/png;base64,')],
	['a data URL of parameters', `data:${repeated(';base64')}`],
	['characters that are none', repeated('\u0000\ud800')],
];

test.each(TEXTS)(
	'14 MB of %s as Base64 take no longer than those of a valid image, within a factor of 3',
	async (_name, text) => {
		const reference = async (): Promise<void> => {
			normaliseBase64(validText);
			await prepare(valid);
		};
		expect(await ratio(() => void normaliseBase64(text), reference)).toBeLessThan(FACTOR);
	},
);
