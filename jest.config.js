const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
	// A path of this machine: Stryker does not know `<rootDir>` here.
	testEnvironment: require.resolve('./test/jest/environment.js'),
	testSequencer: '<rootDir>/test/jest/sequencer.js',
	globalSetup: '<rootDir>/test/jest/beforeTheRun.ts',
	globalTeardown: '<rootDir>/test/jest/afterTheRun.ts',
	// Not the whole of test/: its folder e2e/ holds whole installations of n8n.
	roots: ['unit', 'engine', 'gateway', 'trust', 'demo'].map((folder) => `<rootDir>/test/${folder}`),
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/'],
	transform: {
		'^.+\\.[jt]s$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }],
	},
	// These ship ES modules only.
	transformIgnorePatterns: ['/node_modules/(?!(jose|image-dimensions)/)', '<rootDir>/dist/'],
	testTimeout: 120_000,
	// Most of these tests wait for an answer or a task, not for the processor.
	maxWorkers: availableParallelism() + 2,
	// In milliseconds. The node's last waits run out by themselves, for n8n's sleep cannot be ended; a worker goes when they have.
	workerGracefulExitTimeout: 10_000,
};
