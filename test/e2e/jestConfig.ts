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

/** Which suites are run of a host: the beginnings of their names. */
export type Choice = (host: Host) => readonly string[];

/**
 * Makes one run of jest's of the suites of all hosts, each host a project: so none waits for the last suite of another.
 * @param choice the suites of a host; one for which there are none is left out
 */
export const jestConfig = (prepared: readonly Prepared[], choice: Choice): Config => ({
	rootDir: E2E,
	testSequencer: join(E2E, 'sequencer.js'),
	reporters: ['default', [join(E2E, 'reporter.js'), { folder: LOGS }]],
	testTimeout: 120_000,
	projects: prepared
		.filter(({ host }) => choice(host).length > 0)
		.map(({ host, original }) => ({
			rootDir: E2E,
			displayName: host.name,
			testEnvironment: 'node',
			roots: ['<rootDir>/suites'],
			testMatch: choice(host).map((name) => `<rootDir>/suites/${name}.test.ts`),
			modulePathIgnorePatterns: ['<rootDir>/hosts/'],
			transform: {
				'^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }],
			},
			globals: { tested: { host: host.name, original } satisfies Tested },
		})),
});

/** The suites of a host, but for those that are run only when asked for. */
export const suitesOf: Choice = (host) => host.suites ?? allSuites().filter((name) => !ASKED_FOR.includes(name));

const allSuites = (): string[] =>
	readdirSync(join(E2E, 'suites')).flatMap((file) => (file.endsWith('.test.ts') ? [basename(file, '.test.ts')] : []));
