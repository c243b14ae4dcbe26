import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';

import { KEYS } from '../../gateway/keys';
import type { Job, Work } from '../job';
import { pathsOf, urlsOf } from './inputs';

/** The floor: nothing but the calls, as many at once as the account is known to take. */
export async function prepareUndici(job: Job): Promise<Work> {
	const images = job.input.kind === 'url' ? urlsOf(job) : pathsOf(job);
	const read = async (image: string) => (job.input.kind === 'url' ? image : await readFile(image, 'base64'));
	const dispatcher = new Agent();
	const send = async (image: string) => {
		const body = `{"image":"${await read(image)}"}`;
		const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEYS.custom}` };
		const answer = await request(`${job.gatewayUrl}/v1/videos/image-recognize`, { method: 'POST', headers, body, dispatcher });
		return ((await answer.body.json()) as { code: number }).code === 0;
	};
	return async () => {
		const results = await asManyAtOnce(images, job.atOnce ?? [{ fromMs: 0, calls: 10 }], send);
		await dispatcher.close();
		return { countDone: () => results.filter(Boolean).length };
	};
}

async function asManyAtOnce<T, R>(inputs: T[], plan: NonNullable<Job['atOnce']>, work: (input: T) => Promise<R>): Promise<R[]> {
	const start = performance.now();
	const results: R[] = [];
	const underWay = new Set<Promise<void>>();
	const allowed = () => plan.findLast(({ fromMs }) => performance.now() - start >= fromMs)?.calls ?? 1;
	for (const input of inputs) {
		while (underWay.size >= allowed()) await Promise.race(underWay);
		const one: Promise<void> = work(input).then((result) => {
			results.push(result);
			underWay.delete(one);
		});
		underWay.add(one);
	}
	await Promise.all(underWay);
	return results;
}
