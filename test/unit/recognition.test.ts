import { readRecognition } from '../../nodes/shared/kling/recognition/recognition';

const read = (images: unknown, more: object = {}) => readRecognition({ task_result: { images }, ...more }, 'r-1');
const seg = (type: unknown, is_contain?: unknown, url?: unknown) => ({ type, is_contain, url });
const unknown = { detected: null, url: null };

it("Kling's full answer", () => {
	const images = [
		seg('object_seg', true, 'https://r/o'),
		seg('head_seg', false),
		seg('face_seg', true, 'https://r/f'),
		seg('cloth_seg', false),
	];
	expect(read(images, { final_unit_deduction: '1' })).toStrictEqual({
		hasObject: true,
		hasHead: false,
		hasFace: true,
		hasCloth: false,
		detected: ['object', 'face'],
		segments: {
			object: { detected: true, url: 'https://r/o' },
			head: { detected: false, url: null },
			face: { detected: true, url: 'https://r/f' },
			cloth: { detected: false, url: null },
		},
		requestId: 'r-1',
		unitsDeducted: 1,
		balanceDeducted: null,
	});
});

it('the order of the output is that of the table, whatever the provider sends', () => {
	const result = read([seg('cloth_seg', true), seg('face_seg', true), seg('head_seg', true), seg('object_seg', true)])!;
	expect(result.detected).toEqual(['object', 'head', 'face', 'cloth']);
	expect(Object.keys(result.segments)).toEqual(['object', 'head', 'face', 'cloth']);
});

it('a segment that was not reported is null in segments, and false in the flags', () => {
	expect(read([seg('head_seg', true)])).toMatchObject({
		hasObject: false,
		hasHead: true,
		hasFace: false,
		hasCloth: false,
		detected: ['head'],
		segments: { object: unknown, face: unknown, cloth: unknown },
	});
	expect(read([])).toMatchObject({ hasObject: false, detected: [], segments: { object: unknown, head: unknown } });
});

it.each([
	[true, true],
	[false, false],
	[1, true],
	[0, false],
	['1', true],
	['0', false],
	['true', true],
	['FALSE', false],
	[undefined, null],
	[null, null],
	['', null],
	['maybe', null],
	[{}, null],
])('is_contain %p is detected %p', (value, detected) => {
	expect(read([seg('face_seg', value)])).toMatchObject({ hasFace: detected === true, segments: { face: { detected } } });
});

it.each(['hand_seg', '__proto__', 'constructor', 'toString'])('an unknown type %s is kept under its name', (type) => {
	const result = read([seg(type, true, 'https://r/x'), seg('face_seg', true)])!;
	expect(result.detected).toEqual(['face', type]);
	expect(Object.entries(result.segments).at(-1)).toEqual([type, { detected: true, url: 'https://r/x' }]);
	expect(Object.keys(result.segments)).toEqual(['object', 'head', 'face', 'cloth', type]);
	expect(({} as Record<string, unknown>).detected).toBeUndefined();
});

it('of an unknown type nothing may be said', () => {
	expect(read([seg('hand_seg')])!.segments.hand_seg).toEqual(unknown);
});

it.each([
	['no object', null],
	['text', 'face_seg'],
	['a list', []],
	['an entry without a type', { is_contain: true }],
	['an entry with an empty type', seg('', true)],
])('%s among the entries is passed over', (_name, entry) => {
	expect(read([entry, seg('face_seg', true)])!.detected).toEqual(['face']);
});

it.each([
	['found first', [seg('face_seg', true, 'https://r/1'), seg('face_seg', false)], { detected: true, url: 'https://r/1' }],
	['found last', [seg('face_seg', false), seg('face_seg', true, 'https://r/1')], { detected: true, url: 'https://r/1' }],
	['found twice', [seg('face_seg', true, 'https://r/1'), seg('face_seg', true)], { detected: true, url: 'https://r/1' }],
	[
		'found twice, the second with the URL',
		[seg('face_seg', true), seg('face_seg', true, 'https://r/1')],
		{ detected: true, url: 'https://r/1' },
	],
	['never found', [seg('face_seg', false), seg('face_seg', false)], { detected: false, url: null }],
	['once not said', [seg('face_seg', false), seg('face_seg')], { detected: false, url: null }],
])('a type that comes twice, %s', (_name, images, face) => {
	expect(read(images)!.segments.face).toEqual(face);
});

it.each([
	['1', 1],
	['0.5', 0.5],
	[2, 2],
	['', null],
	['many', null],
	[null, null],
	[undefined, null],
])('final_unit_deduction %p is %p', (value, unitsDeducted) => {
	expect(read([], { final_unit_deduction: value })!.unitsDeducted).toBe(unitsDeducted);
});

it.each([
	['no task_result', {}],
	['no images', { task_result: {} }],
	['images that are no list', { task_result: { images: { face_seg: true } } }],
	['images that are null', { task_result: { images: null } }],
	['a task_result that is a list', { task_result: [] }],
])('%s is no result', (_name, data) => {
	expect(readRecognition(data, null)).toBeNull();
});

it('a missing request id is null', () => {
	expect(readRecognition({ task_result: { images: [] } }, null)!.requestId).toBeNull();
});
