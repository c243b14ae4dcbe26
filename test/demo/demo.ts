import { readArguments, USAGE, UsageError } from './arguments';
import { runLive } from './live';
import { runLocal } from './local';
import { say } from './words';

/** `npm run demo`: see USAGE. Exit status 0 where everything came out as it should. */
async function main(): Promise<boolean> {
	const request = await readArguments(process.argv.slice(2));
	if (request === 'help') return say(USAGE);
	return request === 'local' ? await runLocal() : await runLive(request);
}

main().then(
	(isGood) => process.exit(isGood ? 0 : 1),
	(error: Error) => {
		console.error(error.message);
		if (error instanceof UsageError) console.error('All options: npm run demo -- --help');
		process.exit(error instanceof UsageError ? 2 : 1);
	},
);
