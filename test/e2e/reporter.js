const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');

/** Writes one report for each host, behind what earlier runs wrote: jest's own does not tell which project a suite was run for. */
module.exports = class {
	/**
	 * @param {unknown} _jest
	 * @param {{ folder: string }} options where the reports go
	 */
	constructor(_jest, { folder }) {
		this.folder = folder;
		/** @type {Map<string, object[]>} */
		this.suites = new Map();
	}

	/**
	 * @param {import('@jest/reporters').Test} test
	 * @param {import('@jest/reporters').TestResult} result
	 */
	onTestResult({ path, context }, { failureMessage, perfStats, testResults }) {
		const host = context.config.displayName.name;
		const tests = testResults.map(({ fullName, status, duration }) => ({ name: fullName, status, milliseconds: duration }));
		const suite = { suite: basename(path, '.test.ts'), isGood: !failureMessage, seconds: Math.round(perfStats.runtime / 1000) };
		this.suites.set(host, [...(this.suites.get(host) ?? []), { ...suite, tests }]);
	}

	onRunComplete() {
		for (const [host, suites] of this.suites) {
			const file = join(this.folder, `${host}.json`);
			const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
			writeFileSync(file, JSON.stringify([...before, ...suites], null, '\t'));
		}
	}
};
