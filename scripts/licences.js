const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * The licence texts of all libraries in a bundle.
 * @param {import('esbuild').Metafile} metafile what esbuild says it bundled
 * @returns {string} the content of THIRD_PARTY_LICENSES
 * @throws {Error} where a library has no licence text
 */
function thirdPartyLicences(metafile) {
	const libraries = new Set(Object.keys(metafile.inputs).flatMap(libraryOf));
	const texts = [...libraries].sort().map(licenceOf);
	return ['This package contains the following libraries.\n', ...texts].join(`\n${'-'.repeat(80)}\n\n`);
}

/** The folder of the library that a file belongs to; nothing for the package's own files. */
function libraryOf(file) {
	const found = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file);
	return found ? [found[0]] : [];
}

function licenceOf(folder) {
	const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(entry));
	if (!file) throw new Error(`${name} is part of the bundle, but has no licence text`);
	return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}

module.exports = { thirdPartyLicences };
