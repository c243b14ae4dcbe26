// First, so that everything after it is the installed n8n's.
import './hostModules';

import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import type { Job, Outcome, Work } from '../job';
import { liveBytes, readPeak, resetPeak } from './memory';
import { startProfile } from './profile';

/** Does one job, and reports what it took. Everything that is needed before is not counted. */
async function main(job: Job): Promise<Outcome> {
	const work = await prepare(job);
	const stopProfile = job.profile ? await startProfile() : async () => [];
	const liveBefore = job.measureHeld ? liveBytes() : 0;
	process.send?.('ready');
	await once(process, 'message');
	resetPeak();
	const rssBefore = process.memoryUsage.rss();
	const cpuBefore = process.cpuUsage();
	const delays = monitorEventLoopDelay({ resolution: 5 });
	delays.enable();
	const start = performance.now();
	const result = await work();
	const wallMs = performance.now() - start;
	const { user, system } = process.cpuUsage(cpuBefore);
	delays.disable();
	const longestTurnMs = delays.max / 1e6;
	const peakRss = readPeak();
	const profile = await stopProfile();
	const held = job.measureHeld ? liveBytes() - liveBefore : 0;
	const done = result.countDone();
	const failed = job.input.count - done;
	return { wallMs, cpuMs: (user + system) / 1000, peakRss, rssBefore, longestTurnMs, held, done, failed, profile };
}

async function prepare(job: Job): Promise<Work> {
	if (job.contestant === 'undici') return await (await import('./undici')).prepareUndici(job);
	return await (await import('./engine')).prepareEngine(job);
}

process.once('message', (job: Job) => {
	main(job).then(
		(outcome) => process.send?.(outcome, () => process.exit(0)),
		(error: Error) => {
			console.error(error.stack);
			process.exit(1);
		},
	);
});
