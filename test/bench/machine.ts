import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arch, cpus, platform, release, totalmem } from 'node:os';

/** What the figures were measured on. */
export function describeMachine(host: string): string {
	const cores = cpus();
	const { version } = JSON.parse(readFileSync(join(host, 'node_modules', 'n8n', 'package.json'), 'utf8')) as { version: string };
	const memory = `${Math.round(totalmem() / 2 ** 30)} GB of memory`;
	return `${cores.length} × ${cores[0]?.model.trim() ?? 'CPU'}, ${memory}, ${platform()} ${release()} (${arch()}), Node.js ${process.version}, n8n ${version}`;
}
