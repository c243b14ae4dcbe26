import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SCENE } from '../../samples/scene';
import { openBrowser } from '../harness/browser';
import { CREDENTIAL_TYPE } from '../harness/credentials';
import { Editor } from '../harness/editor';
import { currentHost } from '../harness/hosts';
import { E2E, ROOT } from '../harness/paths';
import { run, waitUntil } from '../harness/processes';
import { connect, hasEnded, OWNER } from '../harness/server';
import { CTRL_C, openTerminal, type Terminal } from '../harness/terminal';
import { generation, kling, manualStart, workflow, type NodeDraft, type Workflow } from '../harness/workflows';

/** `npm run n8n` as somebody uses it: in a terminal, from a copy of this checkout. */

const host = currentHost();
const place = mkdtempSync(join(tmpdir(), 'kling-e2e-playground-'));
const checkout = join(place, 'checkout');
const temporary = join(place, 'tmp');
/** A host's folder is named by its first part, and lies with the others. */
const installed = { KLING_E2E_HOSTS: dirname(host.folder) };
let terminal: Terminal | undefined;
/** What a shell says of a command that Ctrl+C has ended. */
const CTRL_C_CODE = 128 + constants.signals.SIGINT;

beforeAll(() => {
	const isSource = (path: string): boolean => !/[/\\](node_modules|dist|coverage|\.git|\.cache|\.logs)$/.test(path);
	cpSync(ROOT, checkout, { recursive: true, filter: isSource });
	symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
	symlinkSync(join(E2E, 'node_modules'), join(checkout, 'test', 'e2e', 'node_modules'));
	mkdirSync(temporary);
});

afterEach(async () => {
	terminal?.closeWindow();
	await nothingRuns();
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

const environment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
	const { KLING_E2E_HOSTS: _hosts, ...others } = process.env;
	return { ...others, TMPDIR: temporary, npm_config_progress: 'false', ...env };
};

function npmRunN8n(env: NodeJS.ProcessEnv = installed): Terminal {
	terminal = openTerminal('npm run n8n', { cwd: checkout, env: environment(env) });
	return terminal;
}

/** The processes that know of this checkout, in their command line, folder or environment. */
function running(): string[] {
	const read = (pid: string, file: string): string => {
		try {
			return readFileSync(join('/proc', pid, file), 'latin1');
		} catch {
			return '';
		}
	};
	return readdirSync('/proc')
		.filter((pid) => /^\d+$/.test(pid) && read(pid, 'environ').includes(place))
		.map((pid) => read(pid, 'cmdline').replaceAll('\0', ' '));
}

const nothingRuns = async (): Promise<void> => await waitUntil('everything to have ended', () => running().length === 0, 20_000);

/** What is left in the temporary folder, but for what npm and tsx keep there to start quicker. */
const left = (): string[] => readdirSync(temporary).filter((name) => !/^(tsx-|node-compile-cache$)/.test(name));

/** What follows a label on the screen. */
const told = (screen: string, label: string): string => new RegExp(`${label} +(\\S+)`).exec(screen)?.[1] ?? `no ${label}`;

test('shows each step in one line, and all that the first video needs; Ctrl+C removes everything', async () => {
	const { shows, screen, press, ended } = npmRunN8n();
	await shows('Press Ctrl+C');
	const steps = screen().split('\n').filter((line) => / \.\.\. \d+ s$/.test(line)); // prettier-ignore
	expect(steps.map((line) => line.replace(/\d+ s$/, ''))).toEqual([
		'Building and packing the nodes ... ',
		'Installing the nodes in n8n ... ',
		`Starting n8n ${host.version} ... `,
	]);
	expect(screen()).toContain(`${OWNER.email}  /  ${OWNER.password}`);
	expect([running().length > 0, left().length]).toEqual([true, 1]);

	const first = told(screen(), 'open');
	const n8n = await connect(new URL(first).origin, host);
	const credentials: Array<{ id: string; name: string; type: string }> = await n8n.rest('GET', '/credentials');
	const local = credentials.find(({ name }) => name === 'Local gateway')!;
	const urls = [...screen().matchAll(/http:\S+\/workflow\/(\S+)/g)];
	const stored = await Promise.all(urls.map(async ([, id]) => await n8n.rest<Workflow>('GET', `/workflows/${id}`)));
	expect(stored.length).toBeGreaterThan(1);
	const chosen = stored.flatMap(({ nodes }) => nodes.flatMap((node) => node.credentials?.[CREDENTIAL_TYPE] ?? []));
	expect(new Set(chosen.map(({ id }) => id))).toEqual(new Set([local.id]));

	const browser = await openBrowser(n8n, host);
	try {
		await browser.page.goto(first);
		await browser.page.getByTestId('execute-workflow-button').click();
		const id = /\w+$/.exec(first)![0];
		await waitUntil('the first workflow to have run', async () => hasEnded((await n8n.executionsOf(id))[0]?.status ?? 'new'));
		expect((await n8n.executionsOf(id))[0]?.status).toBe('success');
		await new Editor(browser.page).openNode('Talking Avatar');
		await browser.page.getByTestId('output-panel').getByTestId('radio-button-binary').click();
		await browser.page.getByTestId('output-panel').getByTestId('ndv-view-binary-data').first().click();
		const video = browser.page.locator('video').first();
		await video.waitFor();
		const played = async (element: any): Promise<[number, number]> => {
			await element.play();
			await new Promise((resolve) => element.addEventListener('timeupdate', resolve, { once: true }));
			return [element.videoWidth, element.videoHeight];
		};
		expect(await video.evaluate(played)).toEqual([SCENE.width, SCENE.height]);
	} finally {
		await browser.close();
	}

	const typed = { type: CREDENTIAL_TYPE, id: '', name: 'Typed', data: { provider: 'custom', apiKey: told(screen(), 'Custom Gateway +API Key'), baseUrl: told(screen(), 'Base URL') } }; // prettier-ignore
	const custom = await n8n.createCredential(typed);
	await fetch(`${new URL(typed.data.baseUrl).origin}/__gateway/control`, { method: 'POST', body: '{"taskMs": 0}' });
	expect(await n8n.testCredential({ ...typed, name: 'Tested' })).toMatchObject({ status: 'OK' });
	const [Image, Garment, Video, Audio] = ['Image', 'Garment', 'Video', 'Audio'].map((label) => told(screen(), `\n  ${label} `));
	const drafts: NodeDraft[] = [
		manualStart(),
		kling('Recognize', { imageSource: 'url', imageUrl: Image }),
		generation('Try On', { operation: 'virtualTryOn', humanUrl: Image, clothSource: 'url', clothUrl: Garment }),
		kling('Identify', { operation: 'identifyFace', videoUrl: Video }),
		generation('Avatar', { operation: 'avatar', imageSource: 'url', imageUrl: Image, audioSource: 'url', audioUrl: Audio }),
	];
	const by = ({ id, name }: { id: string; name: string }): NodeDraft[] =>
		drafts.map((draft) => ({ ...draft, ...(draft.credentials && { credentials: { [CREDENTIAL_TYPE]: { id, name } } }) }));
	for (const credential of [local, { ...custom, name: 'Typed' }]) {
		const execution = await n8n.execute(workflow('printed', by(credential)));
		expect([execution.error?.message, execution.status]).toEqual([undefined, 'success']);
	}

	press(CTRL_C);
	expect(await ended()).toBe(CTRL_C_CODE);
	await nothingRuns();
	expect(screen()).toMatch(/\^C\n+Stopping, and removing what was made\.\n*$/);
	expect(left()).toEqual([]);
	expect(existsSync(join(checkout, 'test', 'e2e', '.logs', host.name, 'playground-main.log'))).toBe(false);
}, 300_000);

test('Ctrl+C while n8n starts, pressed again and again', async () => {
	const { shows, press, ended } = npmRunN8n();
	await shows(`Starting n8n ${host.version}`);
	press(CTRL_C + CTRL_C);
	press(CTRL_C);
	expect(await ended()).toBe(CTRL_C_CODE);
	await nothingRuns();
	expect(left()).toEqual([]);
});

test('Ctrl+C while n8n is installed: what is half there goes, too', async () => {
	const { shows, press, ended, screen } = npmRunN8n({});
	const modules = join(checkout, 'test', 'e2e', 'hosts', host.name, 'node_modules');
	await shows(`Installing n8n ${host.version}, the first time: about five minutes ...`);
	await waitUntil('npm to have begun', () => existsSync(modules));
	press(CTRL_C);
	expect(await ended()).toBe(CTRL_C_CODE);
	await nothingRuns();
	expect(screen()).toContain('Stopping, and removing what was made.');
	expect([existsSync(modules), left()]).toEqual([false, []]);
});

test('the window is closed', async () => {
	const { shows, closeWindow } = npmRunN8n();
	await shows(`Starting n8n ${host.version}`);
	closeWindow();
	await nothingRuns();
	expect(left()).toEqual([]);
});

describe('the command line', () => {
	const command = async (...args: string[]) =>
		await run('npm', ['--prefix', checkout, 'run', '--silent', 'n8n', '--', ...args], { cwd: place, env: environment({}) });

	const withN8n = (name: string, version: string): string => {
		const folder = join(place, name, 'node_modules', 'n8n');
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'n8n', version }));
		return name;
	};

	test('--help lists all options', async () => {
		const { code, stdout } = await command('--help');
		expect(code).toBe(0);
		expect([...stdout.matchAll(/^ {2}(--\S+)/gm)].map(([, option]) => option)).toEqual(['--n8n', '--help']);
	});

	test('an option that is none, a folder without n8n, and an n8n that is too old', async () => {
		const all = '\nAll options: npm run n8n -- --help\n';
		expect(await command('--m8m')).toMatchObject({ code: 2, stderr: expect.stringMatching(/'--m8m'[^]*\nAll options/) });
		expect(await command('--n8n', 'tmp')).toMatchObject({
			code: 2,
			stderr: `There is no n8n in ${temporary}: neither in its node_modules nor in its lib/node_modules.${all}`,
		});
		expect(await command('--n8n', withN8n('old', '1.84.3'))).toMatchObject({
			code: 2,
			stderr: `n8n 1.84.3 in ${join(place, 'old')} is too old: the nodes need n8n 1.85 or newer.${all}`,
		});
		expect(left()).toEqual([]);
	});

	test('--n8n runs an n8n that is there, and without a terminal each step is a plain line', async () => {
		const script = `npm run --silent n8n -- --n8n ${host.folder} | tee ${join(place, 'said')}`;
		terminal = openTerminal(script, { cwd: checkout, env: environment({}) });
		await terminal.shows('Press Ctrl+C');
		terminal.press(CTRL_C);
		await terminal.ended();
		await nothingRuns();
		const said = readFileSync(join(place, 'said'), 'utf8').split('\n');
		expect(said.slice(0, 4)).toEqual([
			'Building and packing the nodes ...',
			'Installing the nodes in n8n ...',
			`Starting n8n ${host.version} ...`,
			'',
		]);
		expect(left()).toEqual([]);
	});
});
