import { KEYS, startGateway, type Gateway } from '..';
import { readOptions, USAGE, UsageError } from './options';

/** `npm run gateway`: see USAGE. Runs until it is interrupted. */
async function main(): Promise<void> {
	const options = readOptions(process.argv.slice(2));
	if (options === 'help') return console.log(USAGE);
	const gateway = await start(options.port);
	try {
		orUsage(() => gateway.control(options.settings));
		const interrupted = untilInterrupted();
		console.log(greeting(gateway));
		await interrupted;
		console.log(farewell(gateway));
	} finally {
		await gateway.close();
	}
}

async function start(port: number): Promise<Gateway> {
	try {
		return await startGateway({ port, tls: false });
	} catch (error) {
		const { code } = error as { code?: string };
		throw code === 'EADDRINUSE' ? new UsageError(`Port ${port} is taken: choose another one with --port.`) : error;
	}
}

/** A setting that is none comes from the script. */
function orUsage(work: () => void): void {
	try {
		work();
	} catch (error) {
		throw new UsageError((error as Error).message);
	}
}

function greeting({ url }: Gateway): string {
	return `The gateway is ready. In n8n, make a Kling API credential:

  Provider    Custom Gateway
  Base URL    ${url}
  API Key     ${KEYS.custom}

Pictures    ${url}/samples/portrait.jpg, garment.png, landscape.jpg, statue.png
Videos      ${url}/samples/one-face.mp4, two-faces.mp4, no-face.mp4
Sounds      ${url}/samples/tone-3s.mp3, tone-1s.mp3
Tasks       ${url}/__gateway/tasks        Accounts  ${url}/__gateway/accounts

Nothing is recognized and nothing is paid: the answers are scripted. Press Ctrl+C to stop.`;
}

function farewell(gateway: Gateway): string {
	const { creates, tasks, units } = gateway.account('custom');
	return `\nStopped. Recognition calls: ${gateway.stats().calls}. Creates: ${creates}, tasks: ${tasks}, for ${units} units that nobody paid.`;
}

function untilInterrupted(): Promise<void> {
	return new Promise((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
	});
}

main().catch((error: Error) => {
	const isUsage = error instanceof UsageError;
	console.error(isUsage ? `${error.message}\nAll options: npm run gateway -- --help` : error);
	process.exitCode = isUsage ? 2 : 1;
});
