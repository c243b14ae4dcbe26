/**
 * The tests that mutants meet: each module of the lower floors by itself.
 * @type {import('jest').Config}
 */
module.exports = {
	...require('./jest.config.js'),
	testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
	// None of them meets a server.
	globalSetup: undefined,
	globalTeardown: undefined,
	// They look at the project's other files.
	testPathIgnorePatterns: ['/node_modules/', 'release.test.ts', 'schemas.test.ts', 'modelsPage.test.ts'],
};
