const { rm, writeFile } = require('node:fs/promises');

const { build } = require('esbuild');
const { dest, parallel, series, src } = require('gulp');

const { n8n } = require('./package.json');
const { thirdPartyLicences } = require('./scripts/licences.js');

/** n8n loads these files; everything they import is bundled into them, but for n8n's own package and Node's crypto. */
const entryPoints = [...n8n.nodes, ...n8n.credentials].map((file) => file.replace(/^dist\//, '').replace(/\.js$/, '.ts'));

/** Removes what an earlier build left. */
async function clean() {
	await rm('dist', { recursive: true, force: true });
}

/** Bundles each node and credential into one file, and collects the licences of the libraries in it. */
async function bundle() {
	const { metafile } = await build({
		entryPoints,
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		external: ['n8n-workflow', 'crypto'],
		// The libraries ship modules for every platform; these run in Node.js without further imports.
		conditions: ['workerd', 'import'],
		legalComments: 'none',
		logLevel: 'warning',
		metafile: true,
	});
	await writeFile('THIRD_PARTY_LICENSES', thirdPartyLicences(metafile));
}

/** Copies what n8n reads beside the code. */
function assets() {
	return src(['nodes/**/*.{svg,png}', 'nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'], {
		base: '.',
		encoding: false,
		allowEmpty: true,
	}).pipe(dest('dist'));
}

exports.build = series(clean, parallel(bundle, assets));
