/**
 * What the unit tests are worth: each small change to a source has to turn one of them red.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	mutate: ['nodes/shared/{engine,kling}/**/*.ts'],
	testRunner: 'jest',
	jest: { configFile: 'jest.mutation.config.js' },
	coverageAnalysis: 'perTest',
	// A static mutant lives while a module loads: it would need all tests, and is found by the compiler or by none.
	ignoreStatic: true,
	thresholds: { high: 97, low: 95, break: 95 },
	reporters: ['clear-text', 'progress', 'json'],
	jsonReporter: { fileName: '.cache/mutation/report.json' },
	tempDirName: '.cache/mutation/sandbox',
	ignorePatterns: ['/dist', '/docs', '/coverage', '/.cache', '/test/e2e', '/test/bench'],
	allowConsoleColors: false,
};
