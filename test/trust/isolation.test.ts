import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import ts from 'typescript';
import type { INodeType } from 'n8n-workflow';

import { sampleBytes } from '../samples/manifest';
import { credentialOf, PAIR, startWorld, type World } from './support/world';

const DIST = join(__dirname, '..', '..', 'dist');
const FILES = readdirSync(DIST, { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.js'))
	.map((file) => join(DIST, file));

/** What a bundle may ask for. */
const ALLOWED_MODULES = ['n8n-workflow', 'crypto'];
/** Names through which code reaches the environment, the file system, a process, a timer, or code of its own making. */
const FORBIDDEN = [
	...['process', 'global', 'globalThis', 'window', 'self', '__dirname', '__filename', 'eval', 'Function', 'WebAssembly'],
	...['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'XMLHttpRequest', 'WebSocket', 'Deno', 'Bun', 'navigator'],
];

interface Uses {
	modules: Set<string>;
	names: Set<string>;
}

/** Modules that a file asks for, and the names it uses that it does not define itself. */
function usesOf(file: string): Uses {
	const program = ts.createProgram([file], { allowJs: true, noLib: true, noResolve: true, types: [] });
	const checker = program.getTypeChecker();
	const uses: Uses = { modules: new Set(), names: new Set() };
	const visit = (node: ts.Node): void => {
		if (ts.isCallExpression(node) && isRequire(node.expression)) uses.modules.add(textOf(node.arguments[0]));
		if (ts.isIdentifier(node) && isFree(node, checker)) uses.names.add(node.text);
		ts.forEachChild(node, visit);
	};
	visit(program.getSourceFile(file)!);
	return uses;
}

const isRequire = (node: ts.Node): boolean =>
	node.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node) && node.text === 'require');
const textOf = (node: ts.Node | undefined): string => (node && ts.isStringLiteral(node) ? node.text : '(computed)');

function isFree(node: ts.Identifier, checker: ts.TypeChecker): boolean {
	const { parent } = node;
	if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
	if (ts.isPropertyAssignment(parent) && parent.name === node) return false;
	return (checker.getSymbolAtLocation(node)?.declarations ?? []).length === 0;
}

test.each(FILES.map((file) => [relative(DIST, file), file]))('%s asks for nothing but n8n-workflow and crypto', (_name, file) => {
	const { modules, names } = usesOf(file);
	expect([...modules].filter((name) => !ALLOWED_MODULES.includes(name))).toEqual([]);
	expect([...names].filter((name) => FORBIDDEN.includes(name))).toEqual([]);
});

/** Loads a built file with traps in the places of what it must not touch. */
function loadTrapped(file: string, touched: string[]): Record<string, new () => INodeType> {
	const trap = (name: string): unknown =>
		new Proxy(function () {}, {
			get: (_target, key) => (touched.push(`${name}.${String(key)}`), undefined),
			apply: () => void touched.push(`${name}()`),
			construct: () => (touched.push(`new ${name}`), {}),
			has: () => (touched.push(`in ${name}`), false),
		});
	const names = FORBIDDEN.filter((name) => name !== 'eval');
	const ask = (name: string): unknown => {
		if (!ALLOWED_MODULES.includes(name)) touched.push(`require(${name})`);
		return require(name);
	};
	const module = { exports: {} as Record<string, new () => INodeType> };
	const load = new Function('module', 'exports', 'require', ...names, readFileSync(file, 'utf8'));
	load(module, module.exports, ask, ...names.map(trap));
	return module.exports;
}

describe('while it runs', () => {
	let world: World;

	beforeAll(async () => {
		world = await startWorld();
	});

	afterAll(() => world.close());

	test('the node touches neither environment nor files', async () => {
		const touched: string[] = [];
		const { KlingRecognition } = loadTrapped(join(DIST, 'nodes/KlingRecognition/KlingRecognition.node.js'), touched);
		const trapped = new KlingRecognition!();
		const getByName = world.engine.types.getByName.bind(world.engine.types);
		world.engine.types.getByName = (name) => (name.endsWith('klingRecognition') ? trapped : getByName(name));
		const data = await world.engine.binary(sampleBytes('portrait.jpg'), 'portrait.jpg', 'image/jpeg');
		const image = await world.engine.run({
			parameters: { operation: 'recognizeImage', imageSource: 'binary', options: { downloadResults: true, rawResponse: true } },
			credential: PAIR,
			items: [{ json: {}, binary: { data } }],
		});
		const video = await world.engine.run({
			parameters: { operation: 'identifyFace', videoSource: 'id', videoId: '1', options: { maxAttempts: 1 } },
			credential: credentialOf('custom', 'https://gateway.invalid'),
			items: [{ json: {} }],
		});
		expect(image.outputs[0]?.[0]?.json).toMatchObject({ hasFace: true });
		expect(video.error?.message).toMatch(/host name/);
		expect(touched).toEqual([]);
	});

	test('the credential touches neither environment nor files', async () => {
		const touched: string[] = [];
		const { KlingRecognitionApi } = loadTrapped(join(DIST, 'credentials/KlingRecognitionApi.credentials.js'), touched);
		const { authenticate } = new KlingRecognitionApi!() as unknown as {
			authenticate: (credential: object, request: object) => Promise<{ headers: object }>;
		};
		const { headers } = await authenticate(PAIR, { url: 'https://api-singapore.klingai.com/v1/videos/image-recognize' });
		expect(headers).toHaveProperty('authorization');
		expect(touched).toEqual([]);
	});
});

test('the build is there', () => {
	expect(existsSync(DIST)).toBe(true);
	expect(FILES.length).toBeGreaterThan(1);
});
