import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { sampleBytes, sha256Of } from '../samples/manifest';
import { chunk, layout, riff } from '../unit/wavBytes';
import { useGeneration } from './generationStage';

const LIP_SYNC = { operation: 'lipSync', wait: false };

const stage = useGeneration();
const sent = (bytes: Buffer) => ({ sha256: sha256Of(bytes), bytes: bytes.length });
const choices = () => stage.creates().map(({ json }) => (json as { face_choose: IDataObject[] }).face_choose[0]!);

/** An item of a face that is on screen for 5200 ms, with audio. */
async function spoken(bytes: Buffer, mimeType: string): Promise<INodeExecutionData> {
	return { ...(await stage.faceItem('0-5200')), binary: { speech: await stage.engine.binary(bytes, 'speech', mimeType) } };
}

/** A tone of 16-bit samples, 24000 a second. */
function tone(ms: number): Buffer {
	const bytes = Buffer.alloc((ms * 24_000 * 2) / 1000);
	for (let at = 0; at < bytes.length; at += 2) bytes.writeInt16LE(Math.round(9000 * Math.sin(at / 40)), at);
	return bytes;
}

const wavOf = (samples: Buffer) => riff(layout({ rate: 24_000 }), chunk('data', samples));

describe.each(['default', 'filesystem'] as const)('files in n8n\'s mode "%s"', (mode) => {
	beforeEach(async () => await stage.engine.binaryMode(mode));
	afterEach(async () => await stage.engine.binaryMode('default'));

	it.each([
		['audio/L16;codec=pcm;rate=24000', (samples: Buffer) => samples],
		['audio/L16; rate=24000', (samples: Buffer) => Buffer.from(samples).swap16()],
		['audio/pcm;rate=24000;channels=1', (samples: Buffer) => samples],
	])('raw audio of %s goes out as WAV', async (type, written) => {
		const run = await stage.make([await spoken(written(tone(3000)), type)], LIP_SYNC);
		expect(run.error).toBeUndefined();
		expect(choices()).toMatchObject([{ sound_file: sent(wavOf(tone(3000))), sound_start_time: 0, sound_end_time: 2950 }]);
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it('WAV that is too short for Kling is filled up with silence', async () => {
		const items = [await spoken(wavOf(tone(1200)), 'audio/wav'), await spoken(tone(1200), 'audio/L16;rate=24000')];
		const run = await stage.make(items, LIP_SYNC);
		expect(run.error).toBeUndefined();
		const filled = { sound_file: sent(wavOf(Buffer.concat([tone(1200), Buffer.alloc(800 * 48)]))), sound_end_time: 2000 };
		expect(choices()).toMatchObject([filled, filled]);
		expect(stage.account()).toMatchObject({ creates: 2, tasks: 2 });
	});
});

describe('an avatar', () => {
	const image = { imageSource: 'url', imageUrl: 'https://images.kling-samples.test/n/a.jpg?flags=object,head,face' };
	const make = async (bytes: Buffer, type: string, checkInput: boolean) => {
		const item = { json: {}, binary: (await spoken(bytes, type)).binary };
		return await stage.make([item], { operation: 'avatar', wait: false, ...image, options: { checkInput } });
	};

	it('speaks WAV that was filled up', async () => {
		expect((await make(wavOf(tone(500)), 'audio/wav', true)).error).toBeUndefined();
		const filled = wavOf(Buffer.concat([tone(500), Buffer.alloc(1500 * 48)]));
		expect(stage.creates()).toMatchObject([{ json: { sound_file: sent(filled) } }]);
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it('Check Input off: raw audio has a header all the same, and nothing is filled up', async () => {
		expect((await make(tone(2000), 'audio/L16;rate=24000', false)).error).toBeUndefined();
		expect((await make(wavOf(tone(500)), 'audio/wav', false)).error!.description).toMatch(/between 2s and 300s, got 500ms/);
		const files = stage.creates().map(({ json }) => (json as IDataObject).sound_file);
		expect(files).toEqual([sent(wavOf(tone(2000))), sent(wavOf(tone(500)))]);
		expect(stage.account()).toMatchObject({ creates: 2, tasks: 1 });
	});
});

it.each<[string, Buffer, string, string]>([
	[
		'raw audio of an unknown rate',
		tone(3000),
		'audio/L16',
		'The audio is raw PCM, and its type does not tell the rate: audio/l16',
	],
	['raw audio without a type', tone(3000), 'application/octet-stream', 'The file is no audio that Kling reads'],
	['ADPCM that is too short', adpcm(16), 'audio/wav', 'The audio is too short: 1.00 s, at least 2 s'],
	['an MP3 that is too short', sampleBytes('tone-1s.mp3'), 'audio/mpeg', 'The audio is too short: 1.00 s, at least 2 s'],
	[
		'a file that was read as text',
		Buffer.from(sampleBytes('tone-3s.mp3').toString('utf8')),
		'audio/mpeg',
		'The audio was read as text on its way here',
	],
	['a voice message', Buffer.from('OggS\0\x02'), 'audio/ogg', 'The file is Ogg audio, not audio that Kling reads'],
])('%s is refused before anything is created', async (_what, bytes, type, message) => {
	const parameters = { ...LIP_SYNC, audioSource: 'binary', audioPropertyName: 'speech' };
	const run = await stage.make([await spoken(bytes, type)], parameters);
	expect(run.error!.message).toBe(message);
	expect(stage.account()).toMatchObject({ creates: 0, tasks: 0 });
});

/** MS ADPCM in blocks of 500 samples, 8000 a second. */
function adpcm(blocks: number): Buffer {
	return riff(layout({ format: 2, bits: 4, block: 256 }), chunk('data', Buffer.alloc(256 * blocks)));
}

it('ADPCM is as long as its samples say: 48 seconds are not too many', async () => {
	const run = await stage.make([await spoken(adpcm(16 * 48), 'audio/wav')], {
		...LIP_SYNC,
		options: { audioStart: 45_000 },
	});
	expect(run.error).toBeUndefined();
	expect(choices()).toMatchObject([{ sound_file: sent(adpcm(16 * 48)), sound_start_time: 45_000, sound_end_time: 47_950 }]);
});

it('what an MP3 encoder put around the audio is not counted', async () => {
	const run = await stage.make([await spoken(sampleBytes('tone-3s.mp3'), 'audio/mpeg')], LIP_SYNC);
	expect(run.error).toBeUndefined();
	expect(choices()).toMatchObject([{ sound_file: sent(sampleBytes('tone-3s.mp3')), sound_end_time: 2950 }]);
});

it('of audio that is too large, and not checked, the length is not known', async () => {
	const large = Buffer.concat([wavOf(tone(3000)), Buffer.alloc(5_242_880)]);
	const item = await spoken(large, 'audio/wav');
	const parameters = { ...LIP_SYNC, options: { checkInput: false } };
	const run = await stage.make([item], parameters);
	expect(run.error!.description).toMatch(/5MB/);
	expect(choices()).toMatchObject([{ sound_file: sent(large), sound_end_time: 5150 }]);
	expect(stage.account()).toMatchObject({ creates: 1, tasks: 0 });
});

it('an end that is set by hand is kept to the millisecond', async () => {
	const parameters = { ...LIP_SYNC, options: { audioEnd: 3000 } };
	const run = await stage.make([await spoken(wavOf(tone(3000)), 'audio/wav')], parameters);
	expect(run.error).toBeUndefined();
	expect(choices()).toMatchObject([{ sound_end_time: 3000 }]);
});
