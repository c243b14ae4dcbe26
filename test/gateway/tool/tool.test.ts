import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { KEYS, startGateway } from '..';
import { UsageError, readOptions } from './options';

const folder = mkdtempSync(join(tmpdir(), 'kling-tool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function scriptFile(content: string): string {
	const file = join(folder, 'script.json');
	writeFileSync(file, content);
	return file;
}

describe('options', () => {
	test('none: a port that is always the same, and tasks that take a while', () => {
		expect(readOptions([])).toEqual({ port: 4010, settings: { taskMs: 10_000, faults: [] } });
		expect(readOptions(['--help'])).toBe('help');
	});

	test('all', () => {
		const line = '--port 0 --task-seconds 0.5 --task-limit 3 --call-limit 2 --latency 20 --shape flat';
		const faults = ['--fault', 'query-502:2', '--fault', 'create-cut-after'];
		expect(readOptions([...line.split(' '), ...faults])).toEqual({
			port: 0,
			settings: {
				taskMs: 500,
				taskLimit: 3,
				concurrency: 2,
				latencyMs: 20,
				taskShape: 'flat',
				faults: [
					{ kind: 'html', status: 502, route: 'query', times: 2 },
					{ kind: 'resetBefore', done: true, route: 'create' },
				],
			},
		});
	});

	test('a script, over which the command line wins', () => {
		const script = scriptFile('{"taskMs": 7, "taskLimit": 1, "faults": [{"kind": "hang"}], "defaultFlags": ["face"]}');
		expect(readOptions(['--script', script, '--task-limit', '2', '--fault', 'query-502'])).toEqual({
			port: 4010,
			settings: {
				taskMs: 7,
				taskLimit: 2,
				defaultFlags: ['face'],
				faults: [{ kind: 'html', status: 502, route: 'query' }, { kind: 'hang' }],
			},
		});
	});

	test.each([
		[['--falt', 'x'], /--falt/],
		[['--fault', 'x'], /no fault "x"/],
		[['--port', 'http'], /--port takes a whole number/],
		[['--task-seconds', 'long'], /--task-seconds takes a number/],
		[['--shape', 'round'], /There are: kling, nested/],
		[['--script', '/nobody/script.json'], /ENOENT/],
	])('%j: says what is wrong', (args, message) => {
		expect(() => readOptions(args)).toThrow(UsageError);
		expect(() => readOptions(args)).toThrow(message);
	});

	test('a script that is none', () => {
		expect(() => readOptions(['--script', scriptFile('[]')])).toThrow(UsageError);
		expect(() => readOptions(['--script', scriptFile('{')])).toThrow(UsageError);
	});
});

describe('docs/development/gateway.md', () => {
	const page = readFileSync(join(__dirname, '../../../docs/development/gateway.md'), 'utf8');

	test('every command line in it is one', () => {
		const lines = [...page.matchAll(/^npm run gateway -- (.+)$/gm)].map(([, args]) => args!.split(' '));
		expect(lines.length).toBeGreaterThan(0);
		for (const line of lines) expect(() => readOptions(line)).not.toThrow();
	});

	test('its settings are settings', async () => {
		const script = scriptFile(/```json\n([^`]+)```/.exec(page)![1]!);
		const options = readOptions(['--script', script]);
		const gateway = await startGateway({ tls: false });
		try {
			expect(options).not.toBe('help');
			if (options !== 'help') gateway.control(options.settings);
		} finally {
			await gateway.close();
		}
	});
});

describe('the command', () => {
	const start = (...args: string[]) => spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'run.ts'), ...args]);

	test('runs until Ctrl+C, and says where it is and what was asked', async () => {
		const child = start('--port', '0', '--task-seconds', '0');
		const output: string[] = [];
		child.stdout.setEncoding('utf8').on('data', (piece: string) => output.push(piece));
		while (!output.join('').includes('Ctrl+C')) await once(child.stdout, 'data');
		const url = /Base URL +(\S+)/.exec(output.join(''))![1]!;
		const key = /API Key +(\S+)/.exec(output.join(''))![1]!;
		expect([new URL(url).hostname, key]).toEqual(['127.0.0.1', KEYS.custom]);
		const answer = await fetch(`${url}/v1/videos/image2video`, {
			method: 'POST',
			headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
			body: JSON.stringify({ model_name: 'kling-v3', image: `${url}/samples/portrait.jpg` }),
		});
		expect(await answer.json()).toMatchObject({ code: 0 });
		child.kill('SIGINT');
		const [status] = await once(child, 'close');
		expect([status, output.join('')]).toEqual([0, expect.stringContaining('tasks: 1, for 1.5 units that nobody paid')]);
	});

	test('a setting that is none ends it at once, with a way on', async () => {
		const child = start('--port', '0', '--script', scriptFile('{"latency": 5}'));
		const [words, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
		expect([status, words]).toEqual([2, 'no such setting: latency\nAll options: npm run gateway -- --help\n']);
	});
});
