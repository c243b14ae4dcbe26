import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { KEYS, startGateway, type Gateway } from '../gateway';

/** It stands for the live provider. */
let gateway: Gateway;

beforeAll(async () => {
	gateway = await startGateway({ tls: false });
});
beforeEach(() => gateway.reset());
afterAll(async () => await gateway.close());

const AUDIO = ['--audio', 'test/samples/tone-3s.mp3'];

/** Runs the demo live, without a terminal. @returns its exit status and all that it prints */
async function runDemo(...more: string[]): Promise<[status: number, printed: string]> {
	const provider = ['--provider', 'custom', '--base-url', gateway.url, '--image', 'test/samples/portrait.png'];
	const demo = spawn(process.execPath, ['--import', 'tsx', 'test/demo/demo.ts', ...provider, ...more], {
		cwd: join(__dirname, '..', '..'),
		env: { ...process.env, KLING_API_KEY: KEYS.custom },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const [printed, errors, [status]] = await Promise.all([text(demo.stdout), text(demo.stderr), once(demo, 'exit')]);
	return [status as number, printed + errors];
}

const sent = (): unknown[] => gateway.requests.map(({ route }) => route);

test.each([
	['without --generate', [], /Object, Head, Face, Clothing/],
	['with --generate, but nobody to say yes', ['--generate', ...AUDIO], /Nothing was made/],
])('live, nothing is made %s', async (_how, more, says) => {
	const [status, printed] = await runDemo(...more);
	expect([status, printed]).toEqual([0, expect.stringMatching(says)]);
	expect(sent()).toEqual(['recognize']);
	expect(printed).not.toContain(KEYS.custom);
});

test.each([
	['no audio', ['--generate'], /--generate needs/],
	['two audio files', ['--generate', ...AUDIO, '--audio-url', 'https://example.com/a.mp3'], /--generate needs/],
	['audio without --generate', AUDIO, /--generate needs/],
	['audio that is not there', ['--generate', '--audio', 'missing.mp3'], /missing\.mp3 cannot be read/],
])('%s is said before anything is paid', async (_what, more, says) => {
	const [status, printed] = await runDemo(...more);
	expect([status, printed]).toEqual([2, expect.stringMatching(says)]);
	expect(sent()).toEqual([]);
});
