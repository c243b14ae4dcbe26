import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { HOSTS } from '../e2e/harness/hosts';
import { ensureHost } from '../e2e/harness/install';
import type { Arena } from './contest';
import { makeFiles } from './files';
import { startGatewayProcess } from './gateway';
import { describeMachine } from './machine';
import { document, section, summary } from './markdown';
import { MEASURES } from './measures';
import type { Report } from './report';

const USAGE = `Measures the built package beside its peers, and writes docs/development/benchmarks.md.

  --only name[,name]  only these, without writing: ${Object.keys(MEASURES).join(', ')}
  --quick             small sizes, to see that everything runs; no target is judged, nothing is written`;

const DOCUMENT = join(__dirname, '..', '..', 'docs', 'development', 'benchmarks.md');
const NEED_FILES = ['memory', 'memory-apart', 'cpu-large', 'tasks-memory'];
const FILES = { full: 100, quick: 12 };

async function main(): Promise<boolean> {
	const { values } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean' }, help: { type: 'boolean' } } });
	if (values.help) return console.log(USAGE) === undefined;
	const names = chosen(values.only);
	const reports = await measure(names, values.quick === true);
	console.log(`\n${summary(reports)}`);
	if (values.quick) return true;
	const missed = reports.flatMap(({ verdicts }) => verdicts).filter(({ met }) => !met);
	console.log(missed.length === 0 ? '\nEvery target is reached.' : `\n${missed.length} missed.`);
	return missed.length === 0;
}

function chosen(only: string | undefined): string[] {
	const names = only?.split(',') ?? Object.keys(MEASURES);
	const unknown = names.filter((name) => !(name in MEASURES));
	if (unknown.length > 0) throw new Error(`No measure is called ${unknown.join(' or ')}\n\n${USAGE}`);
	return names;
}

/** Measures one after the other, and writes the document where all were measured in full. */
async function measure(names: string[], quick: boolean): Promise<Report[]> {
	const host = HOSTS[0]!;
	await ensureHost(host);
	const needsFiles = names.some((name) => NEED_FILES.includes(name));
	const files = await makeFiles(needsFiles ? FILES[quick ? 'quick' : 'full'] : 0);
	const gateway = await startGatewayProcess();
	const arena: Arena = { gateway, host: host.folder, files: files.folder, quick };
	const reports: Report[] = [];
	try {
		for (const name of names) {
			const report = await MEASURES[name]!(arena);
			console.log(`\n${section(report)}`);
			reports.push(report);
		}
	} finally {
		gateway.close();
		files.remove();
	}
	if (!quick && names.length === Object.keys(MEASURES).length) {
		mkdirSync(join(DOCUMENT, '..'), { recursive: true });
		writeFileSync(DOCUMENT, document(describeMachine(host.folder), reports));
	}
	return reports;
}

main().then(
	(isGood) => process.exit(isGood ? 0 : 1),
	(error: Error) => {
		console.error(error.message);
		process.exit(1);
	},
);
