const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/test/bench/'],
	modulePathIgnorePatterns: ['<rootDir>/test/e2e/'],
	transform: {
		'^.+\\.[jt]s$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }],
	},
	// These ship ES modules only.
	transformIgnorePatterns: ['/node_modules/(?!(jose|image-dimensions)/)', '<rootDir>/dist/'],
	testTimeout: 120_000,
	// Most of these tests wait for an answer or a task, not for the processor.
	maxWorkers: availableParallelism() + 1,
};
