import { readFaceAnswer, readFaceIdentification } from '../../nodes/shared/kling/recognition/faces';
import { answerOf, klingErrorOf } from './helpers';

const read = (data: Record<string, unknown>) => readFaceIdentification({ session_id: 's-1', ...data }, 'r-1');
const face = (start_time: unknown, end_time: unknown) => ({ face_id: '0', face_image: 'https://r/0', start_time, end_time });

it("Kling's full answer", () => {
	expect(read({ face_data: [face(0, 5200), { ...face(1000, 2500), face_id: 7 }], final_unit_deduction: '0.5' })).toStrictEqual({
		sessionId: 's-1',
		faceCount: 2,
		hasFace: true,
		faces: [
			{ faceId: '0', faceImageUrl: 'https://r/0', startTime: 0, endTime: 5200, duration: 5200, lipSyncReady: true },
			{ faceId: '7', faceImageUrl: 'https://r/0', startTime: 1000, endTime: 2500, duration: 1500, lipSyncReady: false },
		],
		requestId: 'r-1',
		unitsDeducted: 0.5,
		balanceDeducted: null,
	});
});

it('face_list with face_rect: what did not come is null', () => {
	const face_list = [{ face_id: '0', face_rect: { x: 1, y: 2, width: 3, height: 4 } }];
	expect(read({ face_list })).toStrictEqual({
		sessionId: 's-1',
		faceCount: 1,
		hasFace: true,
		faces: [{ faceId: '0', faceImageUrl: null, startTime: null, endTime: null, duration: null, lipSyncReady: null }],
		requestId: 'r-1',
		unitsDeducted: null,
		balanceDeducted: null,
	});
});

it.each([
	[0, 1999, 1999, false],
	[0, 2000, 2000, true],
	[400, 2399, 1999, false],
	[400, 2400, 2000, true],
	['0', '5200', 5200, true],
	[0, undefined, null, null],
	[undefined, 5200, null, null],
	['', '', null, null],
])('on screen from %p to %p ms: %p ms, ready for lip-sync %p', (start, end, duration, lipSyncReady) => {
	expect(read({ face_data: [face(start, end)] })!.faces[0]).toMatchObject({ duration, lipSyncReady });
});

it.each([
	['an empty list', { face_data: [] }],
	['an empty face_list', { face_list: [] }],
	['no list', {}],
	['a list that is null', { face_data: null }],
])('no face: %s', (_name, data) => {
	expect(read(data)).toEqual({
		sessionId: 's-1',
		faceCount: 0,
		hasFace: false,
		faces: [],
		requestId: 'r-1',
		unitsDeducted: null,
		balanceDeducted: null,
	});
});

it.each([
	['alone', { face_data: [] }],
	['under another name', { face_list: [] }],
	['beside one that is null', { face_data: null, faces: [] }],
])('an empty list counts without a session, %s', (_name, data) => {
	expect(readFaceIdentification(data, null)).toMatchObject({ sessionId: null, faceCount: 0, requestId: null });
});

it('entries that are no objects are passed over', () => {
	expect(read({ face_data: [null, 'x', face(0, 1)] })!.faceCount).toBe(1);
});

it.each([
	['neither session nor list', {}],
	['a list that is an object', { session_id: 's-1', face_data: { 0: face(0, 1) } }],
	['a list that is text', { session_id: 's-1', face_data: 'none' }],
])('%s is no result', (_name, data) => {
	expect(readFaceIdentification(data, 'r-1')).toBeNull();
});

describe('an error that says that there is nobody in the video', () => {
	it.each([
		['there is no human in the video'],
		['There is no face in this video'],
		['No faces were found'],
		['no valid human face detected'],
		['no clear face has been recognized'],
		['No people detected'],
		["no person's face found"],
		['face not detected'],
		['The person was not found in the video'],
		['视频中没有检测到人脸'],
		['未识别到人'],
	])('%s', (words) => {
		for (const [status, body] of [
			[400, { code: 1201, message: words }],
			[400, { error: { message: words, code: 'task_failed' } }],
			[200, { code: 'fail', message: words }],
			[500, { code: 'x', message: JSON.stringify({ code: 1201, message: words }) }],
		] as const) {
			const { data, requestId, raw } = readFaceAnswer(answerOf(status, body), []);
			expect(readFaceIdentification(data, requestId)).toMatchObject({ faceCount: 0, hasFace: false, faces: [], sessionId: null });
			expect(raw).toEqual(body);
		}
	});

	it.each([
		['no face_id was given'],
		['face swaps are not allowed, no exceptions'],
		['no human review is available'],
		['the video has no faceted glass'],
		['face_id not found'],
		['the interface is not found'],
		['video cannot be opened'],
	])('other words are an error: %s', (words) => {
		expect(klingErrorOf(() => readFaceAnswer(answerOf(400, { code: 1201, message: words }), [])).message).toBe(
			'Kling refused the input',
		);
	});

	it('a page says nothing of a video', () => {
		expect(() => readFaceAnswer(answerOf(400, '<html>no face found</html>'), [])).toThrow('The provider refused the request');
	});

	it('a good answer is read as ever, whatever its message', () => {
		const body = { code: 0, message: 'no face found in the first second', data: { session_id: 's', face_data: [face(0, 5)] } };
		expect(readFaceAnswer(answerOf(200, body), []).data).toMatchObject({ face_data: [face(0, 5)] });
	});
});
