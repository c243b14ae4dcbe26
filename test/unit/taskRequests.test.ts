import { BodyForm, FileBody, FilePlace } from '../../nodes/shared/kling/requestBody';
import {
	EXTERNAL_ID_BYTES,
	externalTaskId,
	externalTaskIdIn,
	withExternalTaskId,
	type TaskIdentity,
} from '../../nodes/shared/kling/tasks/externalTaskId';
import { avatarBody, imageToVideoBody, lipSyncBody, virtualTryOnBody } from '../../nodes/shared/kling/tasks/taskBodies';
import { listPath, queryPath, TASK_ROUTES, type TaskOperation } from '../../nodes/shared/kling/tasks/taskRoutes';

/** What a new node sends. */
const LEAST = {
	lastFrame: null,
	prompt: null,
	negativePrompt: null,
	duration: 5,
	mode: 'std',
	cfgScale: null,
	audio: false,
	watermark: null,
};

describe('bodies', () => {
	it('Image to Video: the least, with the duration and mode that it costs', () => {
		const body = imageToVideoBody({ model: 'kling-v2-6', image: 'https://a.example/1.jpg', ...LEAST });
		expect(body).toEqual({ model_name: 'kling-v2-6', image: 'https://a.example/1.jpg', duration: '5', mode: 'std' });
	});

	it('Image to Video: everything', () => {
		const body = imageToVideoBody({
			model: 'kling-v3',
			image: 'i',
			lastFrame: 'l',
			prompt: 'p',
			negativePrompt: 'n',
			duration: 7,
			mode: '4k',
			cfgScale: 0,
			audio: true,
			watermark: true,
		});
		expect(body).toEqual({
			model_name: 'kling-v3',
			image: 'i',
			image_tail: 'l',
			prompt: 'p',
			negative_prompt: 'n',
			duration: '7',
			mode: '4k',
			cfg_scale: 0,
			sound: 'on',
			watermark_info: { enabled: true },
		});
	});

	it('Image to Video: a watermark switched off is sent, too; audio only where it is wanted', () => {
		expect(imageToVideoBody({ model: 'm', image: 'i', ...LEAST, watermark: false })).toEqual({
			model_name: 'm',
			image: 'i',
			duration: '5',
			mode: 'std',
			watermark_info: { enabled: false },
		});
	});

	const times = { audioStart: 0, audioEnd: 4000, insertAt: 1000 };

	it('Lip-Sync: the least, with its three times', () => {
		const audio = { audioId: 'a-1' };
		const lipSync = { sessionId: 's', faceId: '0', audio, times, audioVolume: null, originalVolume: null, watermark: null };
		expect(lipSyncBody(lipSync)).toEqual({
			session_id: 's',
			face_choose: [{ face_id: '0', audio_id: 'a-1', sound_start_time: 0, sound_end_time: 4000, sound_insert_time: 1000 }],
		});
	});

	it('Lip-Sync: everything, the audio as a file', () => {
		const audio = { file: new FilePlace(5) };
		const form = new BodyForm(
			lipSyncBody({ sessionId: 's', faceId: '0', audio, times, audioVolume: 0, originalVolume: 1.5, watermark: true }),
		);
		const body = new FileBody(form, Buffer.alloc(form.length));
		body.append(Buffer.from('hello'));
		expect(JSON.parse(body.finish().toString())).toEqual({
			session_id: 's',
			face_choose: [
				{
					face_id: '0',
					sound_file: 'aGVsbG8=',
					sound_start_time: 0,
					sound_end_time: 4000,
					sound_insert_time: 1000,
					sound_volume: 0,
					original_audio_volume: 1.5,
				},
			],
			watermark_info: { enabled: true },
		});
	});

	it('Talking Avatar', () => {
		expect(avatarBody({ image: 'i', audio: { file: 's' }, prompt: null, mode: 'std', watermark: null })).toEqual({
			image: 'i',
			sound_file: 's',
			mode: 'std',
		});
	});

	it('Virtual Try-On', () => {
		expect(virtualTryOnBody({ model: 'm', human: 'h', cloth: 'c', watermark: null })).toEqual({
			model_name: 'm',
			human_image: 'h',
			cloth_image: 'c',
		});
	});
});

describe('routes', () => {
	const route = (operation: TaskOperation) => TASK_ROUTES.find((row) => row.operation === operation)!;

	it('an id cannot lead elsewhere', () => {
		expect(queryPath(route('avatar'), '../x?y')).toBe('/v1/videos/avatar/image2video/..%2Fx%3Fy');
	});

	it('the list', () => {
		expect(listPath(route('lipSync'))).toBe('/v1/videos/advanced-lip-sync?pageNum=1&pageSize=500');
	});
});

describe('the external task id', () => {
	const identity: TaskIdentity = {
		instanceId: 'n',
		executionId: '12',
		nodeId: 'k',
		runIndex: 0,
		itemIndex: 0,
		path: '/p',
		content: Buffer.from('{}'),
	};

	it('is the same for the same', () => {
		expect(externalTaskId({ ...identity, content: Buffer.from('{}') })).toBe(externalTaskId(identity));
	});

	it('is short, and made of plain characters', () => {
		expect(externalTaskId(identity)).toMatch(/^n8n-[0-9a-f]{32}$/);
	});

	it('is the last field of a body, and read from there', () => {
		const form = new BodyForm({ prompt: 'ä' });
		const body = new FileBody(form, Buffer.alloc(form.length + EXTERNAL_ID_BYTES));
		body.finish();
		const id = externalTaskId(identity);
		const bytes = withExternalTaskId(body, id);
		expect(JSON.parse(bytes.toString())).toEqual({ prompt: 'ä', external_task_id: id });
		expect(externalTaskIdIn(bytes)).toBe(id);
	});

	it('is another one for anything else', () => {
		const others: Array<Partial<TaskIdentity>> = [
			{ instanceId: 'o' },
			{ executionId: '13' },
			{ nodeId: 'l' },
			{ runIndex: 1 },
			{ itemIndex: 1 },
			{ path: '/q' },
			{ content: Buffer.from('{ }') },
			{ executionId: '1', nodeId: '2k' },
		];
		const ids = others.map((other) => externalTaskId({ ...identity, ...other }));
		expect(new Set([externalTaskId(identity), ...ids]).size).toBe(others.length + 1);
	});
});
