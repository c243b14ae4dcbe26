import type { Task } from './contest';

/** A contestant as it stands in a table. */
export interface Entry {
	name: string;
	task: Pick<Task, 'contestant' | 'options' | 'batch' | 'atOnce' | 'retryOnFail'>;
}

export const node: Entry = { name: 'this node', task: { contestant: 'node' } };

/** This node with options. */
export const nodeWith = (options: NonNullable<Task['options']>): Entry => ({
	name: `this node, ${Object.entries(options)
		.map(([name, value]) => `${name} ${value}`)
		.join(', ')}`,
	task: { contestant: 'node', options },
});

export const httpRequest: Entry = { name: 'HTTP Request, as it comes', task: { contestant: 'httpRequest' } };

/** The HTTP Request node with as many tries as n8n lets a node have, and its default wait. */
export const httpRequestRetried: Entry = {
	name: 'HTTP Request with Retry On Fail, 5 tries',
	task: { contestant: 'httpRequest', retryOnFail: { maxTries: 5, waitBetweenTries: 1000 } },
};

/** The HTTP Request node with the batches that suit the work best, as found by trying. */
export const httpRequestBatched = (size: number, intervalMs: number): Entry => ({
	name: `HTTP Request, batches of ${size} every ${intervalMs} ms`,
	task: { contestant: 'httpRequest', batch: { size, intervalMs } },
});

export const loop: Entry = { name: 'plain loop in a node', task: { contestant: 'loop' } };

/** A node that does nothing but call n8n's request helper: what any node costs that sends so many calls at once. */
export const helperAlone = (calls: number): Entry => ({
	name: `n8n's request helper alone, ${calls} at once`,
	task: { contestant: 'loop', atOnce: [{ fromMs: 0, calls }] },
});

/** Bare undici with the number of calls at once set by hand. */
export const undici = (calls: number): Entry => ({
	name: `bare undici, ${calls} at once`,
	task: { contestant: 'undici', atOnce: [{ fromMs: 0, calls }] },
});
