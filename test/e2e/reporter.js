const { writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');

/** Writes one report for each host: jest's own does not tell which project a suite was run for. */
module.exports = class {
	/**
	 * @param {unknown} _jest
	 * @param {{ folder: string }} options where the reports go
	 */
	constructor(_jest, { folder }) {
		this.folder = folder;
	}

	/** @param {import('@jest/reporters').AggregatedResult} results */
	onRunComplete(_contexts, { testResults }) {
		for (const [host, suites] of Map.groupBy(testResults, ({ displayName }) => displayName.name))
			writeFileSync(join(this.folder, `${host}.json`), JSON.stringify(suites.map(told), null, '\t'));
	}
};

/** @param {import('@jest/reporters').TestResult} result */
const told = ({ testFilePath, failureMessage, perfStats, testResults }) => ({
	suite: basename(testFilePath, '.test.ts'),
	isGood: !failureMessage,
	seconds: Math.round(perfStats.runtime / 1000),
	tests: testResults.map(({ fullName, status, duration }) => ({ name: fullName, status, milliseconds: duration })),
});
