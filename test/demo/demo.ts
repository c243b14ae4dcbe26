import { readArguments, USAGE, UsageError } from './arguments';
import { say } from './words';

/** `npm run demo`: see USAGE. Exit status 0 where everything came out as it should. */
async function main(): Promise<boolean> {
	const request = await readArguments(process.argv.slice(2));
	if (request === 'help') return say(USAGE);
	// n8n is loaded only where a demo runs: a wrong option is said at once.
	if (request !== 'local') return await (await import('./live')).runLive(request);
	return await (await import('./local')).runLocal();
}

main().then(
	(isGood) => process.exit(isGood ? 0 : 1),
	(error: Error) => {
		console.error(error.message);
		if (error instanceof UsageError) console.error('All options: npm run demo -- --help');
		process.exit(error instanceof UsageError ? 2 : 1);
	},
);
