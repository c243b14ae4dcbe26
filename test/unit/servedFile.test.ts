import { Readable } from 'node:stream';

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { Clock } from '../../nodes/shared/engine/clock';
import type { Run } from '../../nodes/shared/n8n/run';
import { checkLink, checkPublic, lasting, linkTo, servable, type StoredFile } from '../../nodes/shared/n8n/servedFile';
import { klingErrorOf, REFUSED_HERE, rejectionOf } from './helpers';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IngifQ.c2lnbmF0dXJl';
const STORED = 'filesystem-v2:workflows/w/executions/e/binary_data/1';
const file = (more: Partial<IBinaryData> = {}) =>
	({ data: 'filesystem-v2', mimeType: 'video/mp4', fileName: 'clip.mp4', id: STORED, ...more }) as StoredFile;

/** An n8n that signs. */
function n8n(helpers: object = {}, mode = 'manual') {
	const signed: unknown[] = [];
	const context = {
		getMode: () => mode,
		getExecutionCancelSignal: () => undefined,
		helpers: {
			createBinarySignedUrl(this: { base?: string }, ...given: unknown[]) {
				signed.push(given);
				return `${this.base ?? 'https://n8n.example.com/'}rest/binary-data/signed?token=${TOKEN}`;
			},
			...helpers,
		},
	} as unknown as IExecuteFunctions;
	return { context, signed };
}

describe('a file that cannot be served is refused, with the reason and the way out', () => {
	it.each<[string, IExecuteFunctions, Partial<IBinaryData>, string, string]>([
		['an old n8n', n8n({ createBinarySignedUrl: undefined }).context, {}, 'This n8n cannot serve a file by a link', '1.90'],
		['in memory', n8n().context, { id: undefined }, 'n8n holds the file in the item itself', 'N8N_DEFAULT_BINARY_DATA_MODE'],
		['from the command line', n8n({}, 'cli').context, {}, 'A workflow that is run by "n8n execute"', 'in the editor'],
	])('%s', (_name, context, more, message, remedy) => {
		const error = klingErrorOf(() => servable(context, file(more)));
		expect(error.message).toContain(message);
		expect(error.details).toMatchObject(REFUSED_HERE);
		expect(error.details.description).toContain(remedy);
		expect(error.details.description).toContain('give its URL instead');
	});

	it.each(['manual', 'trigger', 'webhook', 'retry'])('any other can: %s', (mode) => {
		expect(servable(n8n({}, mode).context, file())).toEqual(file());
	});
});

describe('the link', () => {
	it('is signed for an hour, and ends in a name', () => {
		const { context, signed } = n8n();
		expect(linkTo(context, file(), 'video.mov')).toEqual({
			url: `https://n8n.example.com/rest/binary-data/signed?token=${TOKEN}&name=video.mov`,
			secret: `/rest/binary-data/signed?token=${TOKEN}`,
		});
		expect(signed).toEqual([[file(), '1 hour']]);
	});

	it('n8n refuses to give one', () => {
		const refuses = () => {
			throw new Error('Not supported by this engine');
		};
		const error = klingErrorOf(() => linkTo(n8n({ createBinarySignedUrl: refuses }).context, file(), 'video.mp4'));
		expect(error.message).toBe('n8n gave no link to the file');
		expect(error.details.description).toContain('"Not supported by this engine"');
	});

	it('an address that is none', () => {
		const error = klingErrorOf(() => linkTo(n8n({ base: 'n8n.example.com/' }).context, file(), 'video.mp4'));
		expect(error.message).toBe('n8n gave no link to the file');
		expect(error.details.description).toContain('WEBHOOK_URL');
	});

	it('an address that is not public', () => {
		const link = linkTo(n8n({ base: 'http://localhost:5678/' }).context, file(), 'video.mp4');
		const error = klingErrorOf(() => checkPublic(link));
		expect(error.message).toBe('The address of this n8n is not public: localhost:5678');
		expect(error.details.description).toContain('WEBHOOK_URL');
		expect(error.details.description).not.toContain(TOKEN.slice(0, 8));
		checkPublic(linkTo(n8n().context, file(), 'video.mp4'));
	});
});

describe('a file that is moved when the execution ends', () => {
	const UPLOADED = 'filesystem-v2:workflows/w/executions/temp/binary_data/1';

	it('is copied', async () => {
		const stream = Readable.from([Buffer.from('x')]);
		const asked: unknown[] = [];
		const prepareBinaryData = async (...given: unknown[]) => {
			asked.push(given);
			return file({ id: 'copy' });
		};
		const { context } = n8n({ getBinaryStream: async () => stream, prepareBinaryData });
		expect(await lasting(context, file({ id: UPLOADED }))).toMatchObject({ id: 'copy' });
		expect(asked).toEqual([[stream, 'clip.mp4', 'video/mp4']]);
	});

	it('one that stays is not', async () => {
		expect(await lasting(n8n().context, file())).toEqual(file());
	});
});

describe('a look at the own link', () => {
	const FACTS = { bytes: 100, mimeType: 'video/mp4' };
	const GOOD = { 'content-type': 'video/mp4', 'content-length': '100' };

	/** Looks, where this answers. */
	async function look(answer: { status?: number; headers?: object } | Error, facts = FACTS) {
		const requests: Array<Record<string, unknown>> = [];
		const { context } = n8n({
			httpRequest: async (request: Record<string, unknown>) => {
				requests.push(request);
				if (answer instanceof Error) throw answer;
				return { statusCode: answer.status ?? 200, headers: answer.headers ?? GOOD, body: Readable.from([]) };
			},
		});
		const run = {
			context,
			connection: { secrets: [] },
			tools: { clock: new Clock(async () => await new Promise(() => {})), stop: new AbortController().signal },
		} as unknown as Run;
		const link = linkTo(context, file(), 'video.mp4');
		const work = checkLink(run, link, facts);
		return { work, requests, link };
	}

	it('asks once for the head, without following redirects', async () => {
		const { work, requests, link } = await look({});
		await work;
		expect(requests).toEqual([
			expect.objectContaining({ method: 'HEAD', url: link.url, disableFollowRedirect: true, ignoreHttpStatusErrors: true }),
		]);
	});

	it.each<[string, { status?: number; headers?: object } | Error, Partial<typeof FACTS>?]>([
		['the file', {}],
		['its type with a parameter', { headers: { ...GOOD, 'content-type': 'Video/MP4; charset=x' } }],
		['no type, no length', { headers: {} }],
		['n8n does not know its type', { headers: { ...GOOD, 'content-type': 'application/octet-stream' } }, { mimeType: undefined }],
		['a proxy on the way out', { status: 407, headers: { 'content-type': 'text/html' } }],
		['HEAD is not allowed', { status: 405, headers: { 'content-type': 'text/html' } }],
		['a server that is overloaded', { status: 503 }],
		['no connection', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
		["n8n's guard", Object.assign(new Error('blocked'), { level: 'warning' })],
	])('no objection: %s', async (_name, answer, facts = {}) => {
		await (
			await look(answer, { ...FACTS, ...facts } as typeof FACTS)
		).work;
	});

	it.each<[string, { status?: number; headers?: object }, string]>([
		['a wrong path: the editor', { headers: { 'content-type': 'text/html; charset=utf-8' } }, 'with a web page'],
		['another server', { headers: { 'content-type': 'application/json' } }, 'with something else'],
		['another length', { headers: { ...GOOD, 'content-length': '99' } }, 'with a file of another size'],
		['a login before it', { status: 302, headers: {} }, 'with HTTP 302'],
		['a proxy that lets webhooks through only', { status: 404, headers: {} }, 'with HTTP 404'],
		['one that asks who it is', { status: 401, headers: {} }, 'with HTTP 401'],
	])('an error: %s', async (_name, answer, what) => {
		const error = await rejectionOf((await look(answer)).work);
		expect(error.message).toBe(`The address of this n8n, n8n.example.com, answers ${what} in place of the file`);
		expect(error.details).toMatchObject(REFUSED_HERE);
		expect(error.details.description).toContain('WEBHOOK_URL');
		expect(error.details.description).not.toContain(TOKEN.slice(0, 8));
	});
});
