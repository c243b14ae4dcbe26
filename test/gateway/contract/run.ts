import { EnvHttpProxyAgent } from 'undici';
import { UsageError } from '../../demo/arguments';
import { askYes } from '../../demo/terminal';
import { Client } from '../client';
import { startGateway, type Gateway } from '..';
import type { Check } from './checks';
import { compare, type Verdict } from './compare';
import { readOptions, USAGE, type ContractOptions } from './options';
import { localCredential, Side } from './side';

/** `npm run contract`: see USAGE. Exit status 0 where nothing differs. */
async function main(): Promise<boolean> {
	const options = await readOptions(process.argv.slice(2));
	if (options === 'help') return say(USAGE);
	const gateway = await startGateway();
	const clients = [Client.of(gateway, true), new Client(new EnvHttpProxyAgent())] as const;
	try {
		const verdicts = await compare({
			...sidesOf(options, gateway, clients),
			consent: consentOf(options.consent),
			endTasks: () => gateway.endTasks(),
			tell: (verdict) => say(lines(verdict)),
		});
		say(summary(verdicts));
		return verdicts.every(({ outcome }) => outcome !== 'differs');
	} finally {
		await Promise.all(clients.map((client) => client.close()));
		await gateway.close();
	}
}

/** The gateway plays the same provider, and says of the same subjects that all is in them. */
function sidesOf({ credential, subjects }: ContractOptions, gateway: Gateway, [local, live]: readonly [Client, Client]) {
	gateway.control({ defaultFlags: ['object', 'head', 'face', 'cloth'], defaultFaces: [[0, 5000]], taskMs: 3_600_000 });
	const own = { ...localCredential(credential), baseUrl: gateway.url };
	return { gateway: new Side(local, own, subjects), provider: new Side(live, credential, subjects) };
}

function consentOf(consent: ContractOptions['consent']): (check: Check) => Promise<boolean> {
	if (consent !== 'ask') return () => Promise.resolve(consent === 'yes');
	return async ({ name, cost }) => await askYes(`${name} costs ${cost}. Send it? [y/N] `);
}

const lines = ({ name, outcome, notes }: Verdict): string =>
	outcome === 'skipped'
		? `skipped  ${name} (${notes.join(', ')})`
		: [`${outcome.padEnd(7)}  ${name}`, ...notes].join('\n           ');

function summary(verdicts: Verdict[]): string {
	const count = (outcome: Verdict['outcome']): number => verdicts.filter((verdict) => verdict.outcome === outcome).length;
	return `\n${count('same')} answers as the gateway gives them, ${count('differs')} that differ, ${count('skipped')} calls left out.`;
}

function say(text: string): true {
	console.log(text);
	return true;
}

main().then(
	(isSame) => {
		process.exitCode = isSame ? 0 : 1;
	},
	(error: Error) => {
		console.error(error.message);
		if (error instanceof UsageError) console.error('All options: npm run contract -- --help');
		process.exitCode = error instanceof UsageError ? 2 : 1;
	},
);
