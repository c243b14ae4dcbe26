import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { useGeneration } from './generationStage';
import { imageUrl, jsonOf } from './stage';

const stage = useGeneration();

const CONTINUE = { onError: 'continueRegularOutput' as const };
const QUICK = { wait: false };
const SPOKEN = { audioSource: 'audioId', audioId: '7' };
const IMAGE = imageUrl('a', 'object', 'head', 'face');

/** Items of which one is wrong: by whatever needs no network, it is found before anything is created. */
interface Case {
	what: string;
	operation: string;
	parameters: IDataObject;
	/** The good items, and the wrong one. */
	good(): Promise<INodeExecutionData>;
	wrong(): Promise<INodeExecutionData>;
	message: string;
}

const withFile = async (field: string, sample: string, json: IDataObject = {}): Promise<INodeExecutionData> => ({
	json,
	binary: { [field]: await stage.sample(sample) },
});

const CASES: Case[] = [
	{
		what: 'a face that is too short',
		operation: 'lipSync',
		parameters: SPOKEN,
		good: async () => await stage.faceItem('0-5200'),
		wrong: async () => await stage.faceItem('400-2399'),
		message: 'The face is on screen for 1999 ms, Kling asks for at least 2000 ms',
	},
	{
		what: 'an image file that is too small',
		operation: 'imageToVideo',
		parameters: {},
		good: async () => await withFile('data', 'portrait.jpg'),
		wrong: async () => await withFile('data', 'small-200.png'),
		message: 'The image is too small',
	},
	{
		what: 'an image file of another format',
		operation: 'imageToVideo',
		parameters: { imageSource: 'binary' },
		good: async () => await withFile('data', 'portrait.jpg'),
		wrong: async () => await withFile('data', 'webp-named.jpg'),
		message: 'The file is a WebP image',
	},
	{
		what: 'Base64 of an image that is too small',
		operation: 'imageToVideo',
		parameters: { imageSource: 'base64', imageBase64: '={{ $json.image }}' },
		good: async () => ({ json: { image: (await bytes('portrait.jpg')).toString('base64') } }),
		wrong: async () => ({ json: { image: (await bytes('small-200.png')).toString('base64') } }),
		message: 'The image is too small',
	},
	{
		what: 'audio that is too short',
		operation: 'avatar',
		parameters: { imageSource: 'url', imageUrl: IMAGE },
		good: async () => await withFile('speech', 'tone-3s.wav'),
		wrong: async () => await withFile('speech', 'tone-1s.mp3'),
		message: 'The audio is too short: 1.00 s',
	},
	{
		what: 'audio that is too short for a face',
		operation: 'lipSync',
		parameters: {},
		good: async () => ({ ...(await stage.faceItem()), ...(await fileOnly('tone-3s.wav')) }),
		wrong: async () => ({ ...(await stage.faceItem()), ...(await fileOnly('tone-1s.mp3')) }),
		message: 'The audio is too short: 1.00 s',
	},
	{
		what: 'clothing that is too small',
		operation: 'virtualTryOn',
		parameters: { humanUrl: IMAGE },
		good: async () => await withFile('data', 'garment.png'),
		wrong: async () => await withFile('data', 'small-200.png'),
		message: 'The image is too small',
	},
	{
		what: 'a prompt that is too long',
		operation: 'imageToVideo',
		parameters: { prompt: '={{ $json.prompt }}' },
		good: async () => ({ json: { imageUrl: IMAGE, prompt: 'Smile' } }),
		wrong: async () => ({ json: { imageUrl: IMAGE, prompt: 'x'.repeat(2501) } }),
		message: 'Prompt is too long: 2501 characters',
	},
	{
		what: 'a duration that its model does not make',
		operation: 'imageToVideo',
		parameters: { duration: '={{ $json.seconds }}' },
		good: async () => ({ json: { imageUrl: IMAGE, seconds: 10 } }),
		wrong: async () => ({ json: { imageUrl: IMAGE, seconds: 7 } }),
		message: 'Kling 2.6 makes no videos of 7 seconds',
	},
	{
		what: 'an option that makes no sense',
		operation: 'imageToVideo',
		parameters: { options: { maxWait: '={{ $json.minutes }}' } },
		good: async () => ({ json: { imageUrl: IMAGE, minutes: 5 } }),
		wrong: async () => ({ json: { imageUrl: IMAGE, minutes: 'long' } }),
		message: 'Max Wait is not a positive number',
	},
	{
		what: 'an item that has nothing',
		operation: 'imageToVideo',
		parameters: {},
		good: async () => ({ json: { imageUrl: IMAGE } }),
		wrong: async () => ({ json: {} }),
		message: 'The item has no image',
	},
	{
		what: 'an item that a check has turned down',
		operation: 'avatar',
		parameters: SPOKEN,
		good: async () => ({ json: { imageUrl: IMAGE, hasFace: true } }),
		wrong: async () => ({ json: { imageUrl: IMAGE, hasFace: false } }),
		message: 'The image shows no face',
	},
	{
		what: 'an expression that fails',
		operation: 'imageToVideo',
		parameters: { prompt: '={{ $json.good ? "Smile" : $("Nowhere").item.json.x }}' },
		good: async () => ({ json: { imageUrl: IMAGE, good: true } }),
		wrong: async () => ({ json: { imageUrl: IMAGE } }),
		message: '',
	},
];

const bytes = async (sample: string) => Buffer.from((await stage.sample(sample)).data, 'base64');
const fileOnly = async (sample: string) => ({ binary: { speech: await stage.sample(sample) } });

describe.each(CASES)('$what ($operation)', ({ operation, parameters, good, wrong, message }) => {
	const run = async (items: INodeExecutionData[], more: object = {}) =>
		await stage.make(items, { operation, ...parameters, ...QUICK }, more);

	it.each([1, 3])('as item %i with On Error: Stop: nothing is created, and the error is its own', async (place) => {
		const items = await Promise.all(
			Array.from({ length: 4 }, async (_none, index) => await (index === place ? wrong() : good())),
		);
		const stopped = await run(items);
		expect(stopped.status).toBe('error');
		expect(stopped.error!.message).toContain(message);
		expect(stopped.error!.context).toMatchObject({ itemIndex: place });
		expect(stopped.error!.description ?? '').not.toContain('Get Task');
		expect(stage.creates()).toEqual([]);
		expect(stage.account()).toMatchObject({ creates: 0, tasks: 0, units: 0 });
	});

	it('with On Error: Continue the others are created, each once', async () => {
		const items = [await good(), await wrong(), await good()];
		const done = await run(items, CONTINUE);
		expect(done.error).toBeUndefined();
		expect(jsonOf(done)[0]!.map(({ status, error }) => status ?? typeof error)).toEqual(['submitted', 'string', 'submitted']);
		expect(jsonOf(done)[0]![1]).toMatchObject({ error: expect.stringContaining(message), details: { attempts: 0 } });
		expect(stage.account()).toMatchObject({ creates: 2, tasks: 2 });
	});

	it('two items, the second wrong, continuing: 1 create and 1 failure', async () => {
		const done = await run([await good(), await wrong()], { onError: 'continueErrorOutput' });
		expect(done.outputs.map((items) => items.length)).toEqual([1, 1]);
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it("n8n's Retry On Fail checks again, and creates nothing either", async () => {
		const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const stopped = await stage.engine.run(
			stage.generation([await good(), await wrong()], { operation, ...parameters, ...QUICK }, { node }),
		);
		expect(stopped.status).toBe('error');
		expect(stage.creates()).toEqual([]);
	});
});

it('what needs the network is not looked at first: the task before a refused one is created', async () => {
	stage.gateway.control({ faults: [{ kind: 'code', status: 400, code: 1201, match: '/n/bad', route: 'create' }] });
	const items = ['good', 'bad'].map((name) => ({ json: { imageUrl: imageUrl(name, 'object') } }));
	const run = await stage.make(items, { ...QUICK, options: { maxConcurrency: 1 } });
	expect(run.error).toMatchObject({ context: { itemIndex: 1 } });
	const { id } = stage.gateway.tasks()[0]!;
	expect(run.error!.description).toContain(id);
	expect(stage.account()).toMatchObject({ creates: 2, tasks: 1 });
});
