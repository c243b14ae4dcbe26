import { Readable } from 'node:stream';

import type { IBinaryData, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { Account } from '../../nodes/shared/engine/account';
import { asKlingError, KlingError } from '../../nodes/shared/kling/klingError';
import { downloadOnce, fetchFile, type Downloaded } from '../../nodes/shared/n8n/downloads';
import { Lanes } from '../../nodes/shared/n8n/lanes';
import type { ItemOptions } from '../../nodes/shared/n8n/options';
import { fetchedInput } from '../../nodes/shared/n8n/imageInput';
import type { Item } from '../../nodes/shared/n8n/operation';
import type { Run } from '../../nodes/shared/n8n/run';
import { FakeTime } from './fakeTime';

const URL = 'https://files.example.com/face.png';
const PNG = Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1');
const OPTIONS = { timeoutMs: 60_000, maxAttempts: 3 } as ItemOptions;

/** What the server answers. */
interface Answer {
	status?: number;
	headers?: Record<string, string>;
	body?: Readable;
}

let time: FakeTime;
let account: Account;
let answers: Answer[];
let stored: Array<{ content: Buffer; name: string; mime: string }>;
/** What n8n throws instead of storing a file. */
let notStored: Error | null;
/** What n8n throws instead of sending a request. */
let notReached: Error | null;
/** The headers of the requests. */
let asked: Array<Record<string, string>>;

beforeEach(() => {
	time = new FakeTime();
	account = new Account(time.clock, asKlingError);
	answers = [];
	stored = [];
	notStored = null;
	notReached = null;
	asked = [];
});
afterEach(() => time.restore());

const whole = (content: Buffer | string) => Readable.from(content.length > 0 ? [Buffer.from(content)] : []);
/** A body that breaks off. */
const brokenOff = () =>
	new Readable({
		read() {
			this.push(PNG);
			this.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
		},
	});

function runOf(): Run {
	const context = {
		getExecutionCancelSignal: () => undefined,
		helpers: {
			httpRequest: async ({ headers: sent }: IHttpRequestOptions) => {
				asked.push(sent as Record<string, string>);
				if (notReached) throw notReached;
				const { status = 200, headers = {}, body } = answers.length > 1 ? answers.shift()! : answers[0]!;
				return { statusCode: status, headers, body };
			},
			prepareBinaryData: async (content: Buffer | Readable, name: string, mime: string) => {
				if (notStored) throw notStored;
				const chunks: Buffer[] = [];
				for await (const chunk of Buffer.isBuffer(content) ? [content] : content) chunks.push(chunk as Buffer);
				stored.push({ content: Buffer.concat(chunks), name, mime });
				return { data: name, mimeType: mime } satisfies IBinaryData;
			},
		},
	} as unknown as IExecuteFunctions;
	return {
		context,
		connection: { secrets: [] },
		account,
		lanes: new Lanes(account, time.clock, 5),
		tools: { clock: time.clock, asFailure: asKlingError, stop: new AbortController().signal },
	} as unknown as Run;
}

async function download(): Promise<Downloaded> {
	const outcome = downloadOnce(runOf(), {}, [{ name: 'face', url: URL, kind: 'image' }], OPTIONS);
	await time.pass(600_000);
	return await outcome;
}

it('a file is stored while it comes, with the type that its bytes tell', async () => {
	answers = [{ body: whole(PNG) }];
	expect(await download()).toEqual({ binary: { face: { data: 'face.png', mimeType: 'image/png' } }, errors: {} });
	expect(stored).toEqual([{ content: PNG, name: 'face.png', mime: 'image/png' }]);
});

it.each(['a', 'eleven byte'])('a file of few bytes is one: "%s"', async (content) => {
	answers = [{ body: whole(content) }];
	await download();
	expect(stored).toEqual([{ content: Buffer.from(content), name: 'face', mime: 'application/octet-stream' }]);
});

it('an empty file is none', async () => {
	answers = [{ body: whole('') }];
	expect(await download()).toEqual({ binary: {}, errors: { face: 'The file behind the URL is empty' } });
});

it('one that breaks off is fetched again', async () => {
	answers = [{ body: brokenOff() }, { body: whole(PNG) }];
	expect((await download()).errors).toEqual({});
	expect(stored.map(({ content }) => content)).toEqual([PNG]);
});

it.each(['ERR_STREAM_PREMATURE_CLOSE', 'ENOSPC', 'ECONNRESET'])(
	'one that n8n cannot store (%s) is fetched once',
	async (code) => {
		notStored = Object.assign(new Error('no space left'), { code });
		const body = whole(PNG);
		answers = [{ body }, { body: whole(PNG) }];
		expect(await download()).toEqual({ binary: {}, errors: { face: 'no space left' } });
		expect(answers).toHaveLength(1);
		expect(body.destroyed).toBe(true);
	},
);

it('an answer that is none is closed, not left open', async () => {
	const bodies = [whole('a page'), whole('a page')];
	answers = bodies.map((body) => ({ status: 404, body }));
	expect((await download()).errors).toEqual({ face: 'The server of the file answered with HTTP 404' });
	expect(bodies[0]!.destroyed).toBe(true);
});

it('a server that asks to wait for a day is not waited for', async () => {
	answers = [{ status: 503, headers: { 'retry-after': '86400' }, body: whole('') }];
	const start = time.now;
	const outcome = downloadOnce(runOf(), {}, [{ name: 'face', url: URL, kind: 'image' }], OPTIONS);
	await time.pass(1000);
	expect((await outcome).errors).toEqual({ face: 'The server of the file answered with HTTP 503' });
	expect(time.now - start).toBe(1000);
});

it('a server that asks to wait for a day keeps nobody from another one', async () => {
	const run = runOf();
	answers = [{ status: 503, headers: { 'retry-after': '86400' }, body: whole('') }, { body: whole(PNG) }];
	const of = (name: string) => ({ name, url: `https://${name}.example.com/a.png`, kind: 'image' as const });
	const outcomes = [of('one'), of('other')].map(async (file) => await downloadOnce(run, file, [file], OPTIONS));
	await time.pass(1000);
	expect((await Promise.all(outcomes)).map(({ errors }) => errors)).toEqual([
		{ one: 'The server of the file answered with HTTP 503' },
		{},
	]);
});

it.each<[string, string | Buffer, string | null]>([
	['a page', '<!doctype html><html><body>Sign in</body></html>', null],
	['a page of few bytes, behind space', '\n <HTML>', null],
	['AVIF', Buffer.from('\0\0\0\x20ftypavif', 'latin1'), 'face.avif'],
	['an SVG, which no browser shows as a page', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'face'],
])('instead of a result: %s', async (_name, content, name) => {
	answers = [{ body: whole(content) }];
	const { errors } = await download();
	const page = { face: 'The server of the file sent a web page instead of the image' };
	expect(errors).toEqual(name === null ? page : {});
	expect(stored.map((file) => file.name)).toEqual(name === null ? [] : [name]);
	expect(asked).toHaveLength(1);
});

it.each([
	['image' as const, 'image/jpeg'],
	['audio' as const, 'audio/mpeg'],
	['video' as const, 'video/mp4'],
])('the server is told what is wanted, and who asks: %s', async (kind, first) => {
	answers = [{ body: whole(PNG) }];
	await downloadOnce(runOf(), {}, [{ name: 'face', url: URL, kind }], OPTIONS);
	const [{ Accept: accept, 'User-Agent': agent }] = asked as [Record<string, string>];
	expect(accept!.split(',')[0]).toBe(first);
	expect(accept).toMatch(/\*\/\*;q=0\.1$/);
	expect(accept).not.toMatch(/avif|webp/);
	expect(agent).toMatch(/^n8n-nodes-kling-recognition \(https:\/\/[^)]+\)$/);
});

describe('a file that is fetched for a request', () => {
	async function fetch(maxBytes = 100): Promise<Awaited<ReturnType<typeof fetchFile>> | KlingError> {
		const outcome = fetchFile(runOf(), { url: URL, kind: 'image' }, maxBytes, OPTIONS).catch(asKlingError);
		await time.pass(600_000);
		return await outcome;
	}

	it('takes room until it is given back', async () => {
		answers = [{ body: whole(Buffer.alloc(60_000_000)) }];
		const fetched = await fetch(1e9);
		if (fetched instanceof KlingError) throw fetched;
		expect(fetched.file).toHaveLength(60_000_000);
		expect(account.files.fits(5_000_000)).toBe(false);
		fetched.free();
		expect(account.files.fits(64_000_000)).toBe(true);
	});

	it('and is empty is no image, and takes no room', async () => {
		answers = [{ body: whole('') }];
		const item = { run: runOf(), options: { ...OPTIONS, checkInput: true } } as unknown as Item;
		const { body } = fetchedInput(item, URL);
		const fetched = (body as { fetch(): Promise<unknown> }).fetch().catch(asKlingError);
		await time.pass(1000);
		expect(await fetched).toMatchObject({ message: 'The image is empty', details: { attempts: 0 } });
		expect(account.files.fits(64_000_000)).toBe(true);
	});

	it('and is not reached: the words of n8n are told without the secret of the URL', async () => {
		notReached = new Error('Blocked: http://127.0.0.1:8081/file/bot7312345678:AAGdq0Xw5Zr_9mBvKtYpLhQe/a.jpg');
		const failure = await fetch();
		expect(failure).toMatchObject({
			message: 'The request to the server of the file failed',
			details: { description: 'Blocked: http://127.0.0.1:8081/file/bot.../a.jpg' },
		});
	});

	it('whose server asks to wait for a day is refused, and why is told', async () => {
		answers = [{ status: 503, headers: { 'retry-after': '86400' }, body: whole('') }];
		expect(await fetch()).toMatchObject({
			details: { description: expect.stringContaining('The server of the file asks to wait 24 hours') as string, attempts: 0 },
		});
	});

	it.each<[string, Answer, string, boolean]>([
		['that is not there', { status: 404, body: whole('') }, 'The server of the file answered with HTTP 404', false],
		['that is too large', { body: whole('more than ten bytes') }, 'The file behind the URL is larger than', false],
	])('%s counts no attempt, and takes no room', async (_name, answer, message, retryable) => {
		answers = [answer];
		const failure = await fetch(10);
		expect(failure).toBeInstanceOf(KlingError);
		expect(failure).toMatchObject({
			message: expect.stringContaining(message) as string,
			details: { attempts: 0, retryable },
		});
		expect(account.files.fits(64_000_000)).toBe(true);
	});
});
