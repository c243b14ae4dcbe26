import { Session, type Profiler } from 'node:inspector/promises';

import type { Share } from '../job';

const MOST_PARTS = 12;
/** What recording itself costs. */
const PROFILER = 'Node.js node:inspector';

/** Starts to record where the CPU time goes. @returns ends it, and gives the parts that took the most */
export async function startProfile(): Promise<() => Promise<Share[]>> {
	const session = new Session();
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.start');
	return async () => {
		const { profile } = await session.post('Profiler.stop');
		session.disconnect();
		return sharesOf(profile);
	};
}

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Share[] {
	const parts = new Map(nodes.map(({ id, callFrame }) => [id, partOf(callFrame)]));
	const times = new Map<string, number>();
	samples.forEach((id, index) => {
		const part = parts.get(id) ?? 'unknown';
		if (part !== 'idle' && part !== PROFILER) times.set(part, (times.get(part) ?? 0) + (timeDeltas[index] ?? 0));
	});
	const total = [...times.values()].reduce((sum, time) => sum + time, 0);
	return [...times]
		.map(([part, time]) => ({ part, share: time / total }))
		.sort((a, b) => b.share - a.share)
		.slice(0, MOST_PARTS);
}

/** The package that a function belongs to, or what the engine does by itself. */
function partOf({ url, functionName }: Profiler.Profile['nodes'][number]['callFrame']): string {
	if (url === '') return functionName.replace(/[()]/g, '') || 'V8';
	if (url.startsWith('node:')) return `Node.js ${url.split('/').slice(0, 2).join('/').replace('node:internal/', '')}`;
	const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
	if (name !== undefined) return name;
	return url.includes('/dist/nodes/') || url.includes('/dist/credentials/') ? 'this package' : 'the benchmark';
}
