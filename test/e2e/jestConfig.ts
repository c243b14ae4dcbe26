import type { Config } from 'jest';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Host, Tested } from './harness/hosts';
import { E2E, LOGS } from './harness/paths';

/** A host, and the user folder that its stands are copied from. */
export interface Prepared {
	host: Host;
	original: string;
}

/** The pictures are written, and the minutes of waiting measured, when they are asked for: they are no tests. */
const ASKED_FOR = ['screenshots', 'measures'];

/**
 * Makes one run of jest's of the suites of all hosts, each host a project: so none waits for the last suite of another.
 * @param asked the suite that was asked for, or the beginning of its name; absent: those of each host
 */
export const jestConfig = (prepared: readonly Prepared[], asked: string | undefined): Config => ({
	rootDir: E2E,
	testSequencer: join(E2E, 'longestFirst.js'),
	reporters: ['default', [join(E2E, 'reporter.js'), { folder: LOGS }]],
	testTimeout: 120_000,
	projects: prepared.map(({ host, original }) => ({
		rootDir: E2E,
		displayName: host.name,
		testEnvironment: 'node',
		roots: ['<rootDir>/suites'],
		testMatch: suitesOf(host, asked).map((name) => `<rootDir>/suites/${name}.test.ts`),
		modulePathIgnorePatterns: ['<rootDir>/hosts/'],
		transform: {
			'^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }],
		},
		globals: { tested: { host: host.name, original } satisfies Tested },
	})),
});

function suitesOf(host: Host, asked: string | undefined): string[] {
	if (asked !== undefined) return [`${asked}*`];
	return host.suites ?? allSuites().filter((name) => !ASKED_FOR.includes(name));
}

const allSuites = (): string[] =>
	readdirSync(join(E2E, 'suites')).flatMap((file) => (file.endsWith('.test.ts') ? [basename(file, '.test.ts')] : []));
