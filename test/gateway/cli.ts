import { parseArgs } from 'node:util';
import { startGateway } from './index';

/**
 * `tsx test/gateway/cli.ts [--port N] [--tls-port N] [--proxy-port N] [--until-stdin-closes]`: starts a gateway,
 * prints `{url, proxyUrl, caFile}` as one line of JSON, and ends on SIGTERM or SIGINT.
 */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string' },
			'tls-port': { type: 'string' },
			'proxy-port': { type: 'string' },
			'until-stdin-closes': { type: 'boolean' },
		},
	});
	const gateway = await startGateway({
		port: Number(values.port ?? 0),
		tlsPort: Number(values['tls-port'] ?? 0),
		proxyPort: Number(values['proxy-port'] ?? 0),
	});
	const { url, tlsUrl, proxyUrl, caFile } = gateway;
	process.stdout.write(`${JSON.stringify({ url, tlsUrl, proxyUrl, caFile })}\n`);
	const stop = (): void => {
		void gateway.close().then(() => process.exit(0));
	};
	process.once('SIGTERM', stop).once('SIGINT', stop);
	if (values['until-stdin-closes']) process.stdin.once('close', stop).resume();
}

void main();
