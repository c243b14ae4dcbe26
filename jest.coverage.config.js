const base = require('./jest.config.js');

/**
 * The measure of coverage: unit and engine tests and the properties of pure modules, with n8n's engine loading the sources in the place of the bundle.
 * @type {import('jest').Config}
 */
module.exports = {
	...base,
	testMatch: ['<rootDir>/test/{unit,engine}/**/*.test.ts', '<rootDir>/test/trust/properties/{jpegFrame,pure}.test.ts'],
	// In a process of its own, where nothing is measured.
	testPathIgnorePatterns: [...base.testPathIgnorePatterns, '<rootDir>/test/engine/nextEngine.test.ts'],
	globals: { LOAD_SOURCES: true },
	collectCoverage: true,
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageReporters: ['text'],
	coverageThreshold: { global: { statements: 99, branches: 97, functions: 100, lines: 100 } },
};
