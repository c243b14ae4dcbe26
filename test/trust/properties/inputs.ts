import fc from 'fast-check';

import { sampleBytes } from '../../samples/manifest';

const SEEDS = ['portrait.jpg', 'portrait.png', 'garment.jpg', 'landscape.png', 'small-200.png', 'wide-3to1.jpg'].map(sampleBytes);

interface Damage {
	at: number;
	remove: number;
	insert: Uint8Array;
}

const damage: fc.Arbitrary<Damage> = fc.record({
	// Headers stand in front: damage there is what a check can fall over.
	at: fc.oneof({ weight: 3, arbitrary: fc.nat(700) }, { weight: 1, arbitrary: fc.nat(20_000) }),
	remove: fc.nat(6),
	insert: fc.uint8Array({ maxLength: 6 }),
});

function apply(bytes: Buffer, { at, remove, insert }: Damage): Buffer {
	return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
}

/** Valid images with bytes changed, taken out or put in, sometimes cut off. */
export const damagedImages: fc.Arbitrary<Buffer> = fc
	.record({
		seed: fc.constantFrom(...SEEDS),
		damages: fc.array(damage, { minLength: 1, maxLength: 4 }),
		keep: fc.option(fc.nat(20_000), { freq: 4 }),
	})
	.map(({ seed, damages, keep }) => damages.reduce(apply, seed).subarray(0, keep ?? undefined));

const STARTS = [
	'\xff\xd8\xff',
	'\xff\xd8\xff\xe0\x00\x10JFIF\0',
	'\x89PNG\r\n\x1a\n',
	'\x89PNG\r\n\x1a\n\0\0\0\rIHDR',
	'GIF89a',
	'RIFF',
	'<svg',
	'',
];

/** Bytes of any kind, often behind the first bytes of an image format. */
export const anyBytes: fc.Arbitrary<Buffer> = fc
	.tuple(fc.constantFrom(...STARTS), fc.uint8Array({ maxLength: 400 }))
	.map(([start, rest]) => Buffer.concat([Buffer.from(start, 'latin1'), rest]));

const ODD_TEXTS = [
	'__proto__',
	'constructor',
	'toString',
	'data:',
	'data:image/png;base64,',
	'http://',
	'https://',
	'\u0000',
	'=',
	'{{',
	'\ud800',
];

/** Any code point, halves of pairs among them. Not fast-check's unit of this kind, which makes a table of all when it is loaded. */
const anyCharacter = fc.nat({ max: 0x10_ffff }).map((point) => String.fromCodePoint(point));

/** Texts of any kind, also such as have a meaning somewhere. None is an expression of n8n. */
export const anyText: fc.Arbitrary<string> = fc
	.oneof(
		fc.string({ unit: anyCharacter, maxLength: 60 }),
		fc.base64String({ maxLength: 80 }),
		fc.webUrl({ withQueryParameters: true, withFragments: true }),
		fc.constantFrom(...ODD_TEXTS),
		fc.tuple(fc.constantFrom(...ODD_TEXTS), fc.string({ maxLength: 30 })).map((pair) => pair.join('')),
	)
	.map((text) => text.replace(/^=+/, ''));

/** Values of any kind, as a parameter or a JSON answer can hold them. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
	anyText,
	fc.integer(),
	fc.double(),
	fc.boolean(),
	fc.constant(null),
	fc.jsonValue({ maxDepth: 3 }),
);

/** One of the given, or anything. */
export const mostly = <T>(...values: T[]): fc.Arbitrary<unknown> =>
	fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: anyValue });

const SEGMENT_TYPES = ['object_seg', 'head_seg', 'face_seg', 'cloth_seg', '__proto__'];

const imageEntry = fc.record(
	{
		type: mostly(...SEGMENT_TYPES),
		is_contain: mostly<unknown>(true, false, 'true', 1),
		url: mostly('https://x.test/a.png', ''),
	},
	{ requiredKeys: [] },
);
const faceEntry = fc.record(
	{
		face_id: mostly<unknown>('0', 1),
		face_image: mostly('https://x.test/a.jpg'),
		start_time: mostly<unknown>(0, '10'),
		end_time: mostly<unknown>(5200),
	},
	{ requiredKeys: [] },
);
const list = (entry: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
	fc.oneof(
		{
			weight: 5,
			arbitrary: fc.array(fc.oneof({ weight: 6, arbitrary: entry }, { weight: 1, arbitrary: anyValue }), { maxLength: 5 }),
		},
		{ weight: 1, arbitrary: anyValue },
	);

/** JSON answers that are near to good ones. */
export const anyAnswer: fc.Arbitrary<unknown> = fc.oneof(
	{
		weight: 5,
		arbitrary: fc.record(
			{
				code: mostly<unknown>(0, '0', 1102, 1303, 5000),
				message: anyValue,
				request_id: anyValue,
				error: fc.option(fc.oneof(anyValue, fc.record({ message: anyValue, type: anyValue, code: anyValue })), { freq: 4 }),
				data: fc.oneof(
					{
						weight: 6,
						arbitrary: fc.record(
							{
								session_id: mostly('s', ''),
								final_unit_deduction: anyValue,
								task_result: fc.oneof(
									{ weight: 5, arbitrary: fc.record({ images: list(imageEntry) }) },
									{ weight: 1, arbitrary: anyValue },
								),
								face_data: list(faceEntry),
								face_list: list(faceEntry),
							},
							{ requiredKeys: [] },
						),
					},
					{ weight: 1, arbitrary: anyValue },
				),
			},
			{ requiredKeys: [] },
		),
	},
	{ weight: 1, arbitrary: anyValue },
);
