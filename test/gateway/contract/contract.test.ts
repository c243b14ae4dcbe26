import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PROVIDERS } from '../../../nodes/shared/kling/account/providers';
import { ACCESS, KEYS, rowOf, startGateway, type Gateway, type GatewaySettings, type Provider } from '..';
import { Client } from '../client';
import { CHECKS } from './checks';
import { compare, type Verdict } from './compare';
import { localCredential, Side } from './side';

/** The second one stands for the live provider. */
let gateway: Gateway;
let live: Gateway;
let clients: [Client, Client];

beforeAll(async () => {
	[gateway, live] = await Promise.all([startGateway(), startGateway()]);
	clients = [Client.of(gateway, true), Client.of(live, true)];
});
beforeEach(() => {
	const script: Partial<GatewaySettings> = { defaultFlags: ['object', 'head', 'face', 'cloth'], defaultFaces: [[0, 5000]] };
	gateway.reset();
	gateway.control({ ...script, taskMs: 3_600_000 });
	live.reset();
	live.control(script);
});
afterAll(async () => {
	await Promise.all(clients.map((client) => client.close()));
	await Promise.all([gateway.close(), live.close()]);
});

const keyOf = (provider: Provider) => ({ provider, authentication: 'apiKey', apiKey: KEYS[provider] });

async function hold(
	provider: Provider,
	consent = true,
	credential: Parameters<typeof localCredential>[0] = keyOf(provider),
): Promise<Verdict[]> {
	const subjects = { videoUrl: 'https://a.test/talk.mp4' };
	return await compare({
		gateway: new Side(clients[0], { ...localCredential(credential), baseUrl: gateway.url }, subjects),
		provider: new Side(clients[1], { baseUrl: live.url, ...credential }, subjects, 50),
		consent: () => Promise.resolve(consent),
		endTasks: () => gateway.endTasks(),
		tell: () => undefined,
	});
}

const differing = (verdicts: Verdict[]) => verdicts.filter(({ outcome }) => outcome === 'differs');
const notesOf = (verdicts: Verdict[], name: string): string =>
	verdicts.find((verdict) => verdict.name === name)?.notes.join('\n') ?? '';

/** What can be asked only where a task of the newer form was made. */
const OF_A_NEWER_TASK = ['the same external id again', 'query by external id', 'the end'].map((what) => `newer form: ${what}`);

test.each<Provider>(PROVIDERS.map(({ name }) => name))('%s is like itself, to the end of its tasks', async (provider) => {
	const verdicts = await hold(provider);
	expect(differing(verdicts)).toEqual([]);
	expect(verdicts.map(({ name }) => name)).toEqual(CHECKS.map(({ name }) => name));
	const skipped = verdicts.filter(({ outcome }) => outcome === 'skipped').map(({ name }) => name);
	expect(skipped).toEqual(rowOf(provider).hasNewerForm ? [] : OF_A_NEWER_TASK);
});

test('a task that takes a while is asked for until its end', async () => {
	live.control({ taskMs: 400 });
	expect(differing(await hold('klingGlobal'))).toEqual([]);
	expect(live.account('klingGlobal')).toMatchObject({ tasks: 6, succeeded: 6, units: 6.9 });
});

test('with access keys as well', async () => {
	const verdicts = await hold('klingGlobal', true, { provider: 'klingGlobal', authentication: 'accessKey', ...ACCESS });
	expect(differing(verdicts)).toEqual([]);
});

test('without consent nothing that costs is sent, and what needs it is left out', async () => {
	const verdicts = await hold('klingGlobal', false);
	expect(differing(verdicts)).toEqual([]);
	expect(live.account('klingGlobal')).toMatchObject({ tasks: 0, units: 0 });
	const answered = live.requests.filter(
		({ status, route, path }) => status === 200 && route !== 'keyTest' && route !== 'list' && !path.startsWith('/tasks?'),
	);
	expect(answered).toEqual([]);
	for (const { cost, name } of CHECKS)
		if (cost !== undefined) expect(verdicts.find((verdict) => verdict.name === name)?.outcome).toBe('skipped');
});

describe('what differs is written', () => {
	test('another form of the answers about tasks', async () => {
		live.control({ taskShape: 'oneVideo', billing: 'cash' });
		expect(notesOf(await hold('klingGlobal'), 'imageToVideo: the end').split('\n')).toEqual(
			expect.arrayContaining([
				'data.final_unit_deduction: text at the gateway, none at the provider',
				'data.task_result.videos: list at the gateway, object at the provider',
			]),
		);
	});

	test('another word at the end, or on the way', async () => {
		live.control({ taskWords: { succeed: 'succeeded' } });
		expect(notesOf(await hold('klingGlobal'), 'avatar: the end')).toBe(
			"state: succeed at the gateway, succeeded at the provider\nthe provider's words: SUCCEED",
		);
	});

	test('an external id that means nothing, and so a second task', async () => {
		live.control({ externalIds: 'ignored' });
		const verdicts = await hold('klingGlobal');
		expect(notesOf(verdicts, 'avatar: the same external id again')).toMatch(
			/HTTP status: 400 at the gateway, 200 at the provider[^]*does not say \/already exists\/i/,
		);
		expect(notesOf(verdicts, 'avatar: query by external id')).toMatch(/code: 0 at the gateway, 1201 at the provider/);
	});

	test('the words that tell one 1201 from another', async () => {
		live.control({ faults: [{ kind: 'code', status: 400, code: 1201, message: 'No such task', route: 'query', match: '/1' }] });
		expect(notesOf(await hold('klingGlobal'), 'lipSync: a task that nobody has')).toBe(
			"the message does not say /not found/i\nthe provider's words: No such task",
		);
	});

	test('no answer, a page, and a key that is repeated, which is not shown', async () => {
		live.control({
			faults: [
				{ kind: 'resetBefore', route: 'recognize', times: 1, beforeAuth: true },
				{ kind: 'html', status: 502, route: 'keyTest' },
				{ kind: 'code', status: 400, code: 1200, message: `bad ${KEYS.klingGlobal}`, route: 'identify', times: 1 },
			],
		});
		const verdicts = await hold('klingGlobal', false);
		expect(notesOf(verdicts, 'no key')).toMatch(/^no answer: \w+/);
		expect(notesOf(verdicts, 'test of the key')).toMatch(/body: none at the gateway, no JSON at the provider/);
		expect(notesOf(verdicts, 'identification without a video')).toMatch(/code: 1201 at the gateway, 1200 at the provider/);
		expect(JSON.stringify(verdicts)).not.toContain(KEYS.klingGlobal.slice(0, 12));
	});
});

test('a create without an answer is not sent again, and what hangs on it is left out', async () => {
	live.control({ faults: [{ kind: 'resetBefore', route: 'create', match: 'Speaks calmly', done: true }] });
	const verdicts = await hold('klingGlobal');
	expect(notesOf(verdicts, 'avatar: create')).toMatch(/^no answer: \w+\nit may have been charged all the same: an avatar/);
	expect(verdicts.find(({ name }) => name === 'avatar: the same external id again')?.outcome).toBe('skipped');
	expect(live.tasks().filter(({ product }) => product === 'avatar')).toHaveLength(1);
});

describe('the command', () => {
	const start = (args: string[], env: object = {}) =>
		spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'run.ts'), ...args], {
			env: { PATH: process.env.PATH, NO_PROXY: '127.0.0.1', ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
	const ended = async (child: ReturnType<typeof start>) => {
		const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
		return { out, err, status };
	};

	test('holds a provider against the gateway, and leaves out what costs where nobody can be asked', async () => {
		const args = ['--provider', 'custom', '--base-url', live.url];
		const { out, status, err } = await ended(start(args, { KLING_API_KEY: KEYS.custom }));
		expect([status, err]).toEqual([0, '']);
		expect(out).toMatch(/^same {5}no key$/m);
		expect(out).toMatch(/^skipped {2}recognition \(costs a recognition \(0.1 unit\)\)$/m);
		expect(out).toMatch(/\d+ answers as the gateway gives them, 0 that differ, \d+ calls left out\./);
		expect(live.account('custom').tasks).toBe(0);
		expect(out).not.toContain(KEYS.custom);
	});

	test('with --yes to the end of every task, and a difference is a failure', async () => {
		live.control({ taskWords: { succeed: 'success' } });
		const args = ['--provider', 'custom', '--base-url', live.url, '--key', KEYS.custom, '--yes'];
		const { out, status } = await ended(start(args));
		expect([status, live.account('custom').tasks]).toEqual([1, 5]);
		expect(out).toMatch(/^differs {2}imageToVideo: the end\n {11}state: succeed at the gateway, success at the provider$/m);
	});

	test.each([
		[['--provider', 'nobody'], /There is no provider "nobody"/],
		[['--provider', 'deerApi'], /There is no key/],
		[['--provider', 'deerApi', '--yes', '--free'], /exclude each other/],
		[['--kye', 'secret-key'], /An option is unknown, or has no value/],
	])('%j: says what is wrong', async (args, message) => {
		const { err, status } = await ended(start(args));
		expect([status, err]).toEqual([2, expect.stringMatching(message)]);
		expect(err).not.toContain('secret-key');
	});
});
