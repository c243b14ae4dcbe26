import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import manifest from '../../package.json';
import { buildIn, filesOf, librariesIn, type Metafile } from './build/tree';

const PACKAGE = join(__dirname, '..', '..');
/** The libraries that are meant to stand in the bundle. */
const BUNDLED = ['image-dimensions', 'jose', 'lossless-json'];

const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'kling-build-')));
let metafile: Metafile;
/** What `npm pack` would ship. */
let shipped: string[];

beforeAll(() => {
	[metafile] = folders.map((folder) => buildIn(folder, BUNDLED)) as [Metafile];
	const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: PACKAGE, encoding: 'utf8' });
	const [tarball] = JSON.parse(output) as [{ files: Array<{ path: string }> }];
	shipped = tarball.files.map(({ path }) => path);
});

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

test('two builds of the same sources have the same bytes, wherever they are made', () => {
	const [first, second] = folders.map((folder) => filesOf(join(folder, 'dist'))) as [Map<string, Buffer>, Map<string, Buffer>];
	expect(first.size).toBeGreaterThan(4);
	expect([...second.keys()]).toEqual([...first.keys()]);
	for (const [path, bytes] of first) expect({ path, same: second.get(path)!.equals(bytes) }).toEqual({ path, same: true });
});

test('the build names no folder of the machine it was made on', () => {
	for (const [path, bytes] of filesOf(join(folders[0]!, 'dist'))) {
		for (const place of [...folders, PACKAGE]) expect({ path, names: bytes.includes(place) }).toEqual({ path, names: false });
	}
});

test('nothing but the meant libraries is bundled', () => {
	expect(librariesIn(metafile)).toEqual(BUNDLED);
});

test('what is bundled is pinned to one version, and free to pass on', () => {
	const development: Record<string, string> = manifest.devDependencies;
	for (const library of BUNDLED) {
		const { version, license } = JSON.parse(readFileSync(join(PACKAGE, 'node_modules', library, 'package.json'), 'utf8'));
		expect(development[library]).toBe(version);
		expect(license).toBe('MIT');
	}
});

test('nothing is installed along with the package', () => {
	expect(manifest).not.toHaveProperty('dependencies');
	expect(manifest).not.toHaveProperty('optionalDependencies');
	expect(manifest).not.toHaveProperty('bundleDependencies');
	expect(Object.keys(manifest.peerDependencies)).toEqual(['n8n-workflow']);
	const scripts = Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name));
	expect(scripts).toEqual([]);
});

test("the tarball holds the build, texts about it and the examples' images, no sources and no tests", () => {
	const expected =
		/^(dist\/.+|package\.json|index\.js|README\.md|LICENSE(\.md)?|THIRD_PARTY_LICENSES(\.(md|txt))?|CHANGELOG\.md|examples\/files\/[\w-]+\.png)$/;
	expect(shipped.filter((path) => !expected.test(path))).toEqual([]);
});

test("the bundled libraries' licences stand in the tarball, word for word", () => {
	const path = shipped.find((file) => /(^|\/)THIRD_PARTY_LICENSES/.test(file));
	expect(path).toBeDefined();
	const text = readFileSync(join(PACKAGE, path!), 'utf8').replace(/\s+/g, ' ');
	for (const library of librariesIn(metafile)) {
		expect(text).toContain(library);
		const folder = join(PACKAGE, 'node_modules', library);
		const licence = ['license', 'LICENSE', 'LICENSE.md'].map((name) => join(folder, name)).find(existsSync);
		expect(text).toContain(readFileSync(licence!, 'utf8').replace(/\s+/g, ' ').trim());
	}
});
