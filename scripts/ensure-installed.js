// Installs the development tools where they are missing or differ from package-lock.json.
// Runs before anything is installed: plain JavaScript for Node.js 20, without dependencies.
const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const { delimiter, join } = require('node:path');

const root = join(__dirname, '..');

/** The packages that a lock file lists, by path. */
function packagesIn(file) {
	return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** Whether what npm installed is what the lock file asks for. Optional packages depend on the machine, and may be absent. */
function isCurrent() {
	const wanted = packagesIn(join(root, 'package-lock.json'));
	const installed = packagesIn(join(root, 'node_modules', '.package-lock.json'));
	return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
		if (path === '') return true;
		const present = installed[path] && existsSync(join(root, path)) ? installed[path].version : undefined;
		return present === version || (present === undefined && Boolean(optional || devOptional));
	});
}

/** Runs `npm ci` and shows what it says. Programs of the packages that it replaces take no part. */
function install() {
	const { npm_execpath: npm, npm_node_execpath: node, PATH = '' } = process.env;
	const path = PATH.split(delimiter).filter((folder) => !folder.startsWith(join(root, 'node_modules')));
	const options = { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path.join(delimiter) } };
	const ci = ['ci', '--no-audit', '--no-fund'];
	if (!npm || !node || !existsSync(node)) return spawnSync('npm', ci, { ...options, shell: process.platform === 'win32' });
	return spawnSync(node, [npm, ...ci], options);
}

if (!isCurrent()) {
	console.log('Installing the development tools. This happens once, and takes a minute or two.');
	const { status, error } = install();
	if (error) console.error(error.message);
	if (status !== 0) {
		console.error('The installation failed: npm says why above. Run "npm ci" to try it again.');
		process.exit(status ?? 1);
	}
}
