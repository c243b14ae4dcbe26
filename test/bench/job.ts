/** What the contestants have to recognize, or to make videos of. */
export interface Input {
	kind: 'url' | 'file';
	count: number;
	/** How many of them differ; absent: all. */
	different?: number;
}

/** The contestants. */
export type Contestant = 'node' | 'generation' | 'httpRequest' | 'loop' | 'undici' | 'nothing';

/** Work for one fresh process. */
export interface Job {
	contestant: Contestant;
	input: Input;
	gatewayUrl: string;
	/** Folder of the image files. */
	files: string;
	/** The node's options. */
	options?: Record<string, number>;
	/** Each item in an execution of its own, 20 ms from each other, as when many webhooks come at once. */
	apart?: boolean;
	/** n8n's Retry On Fail, for the node that is measured. */
	retryOnFail?: { maxTries: number; waitBetweenTries: number };
	/** The HTTP Request node's batches. */
	batch?: { size: number; intervalMs: number };
	/** How many calls at once undici or the plain loop sends, from how many milliseconds on; the loop keeps to the first. */
	atOnce?: Array<{ fromMs: number; calls: number }>;
	/** How many other URLs are recognized first, uncounted, in the same process. */
	warmUp?: number;
	/** Whether to find out what memory is held afterwards; collecting all garbage first changes the peak. */
	measureHeld?: boolean;
	/** Whether to record where the CPU time goes. */
	profile?: boolean;
}

/** One part of the code, and its share of the CPU time. */
export interface Share {
	part: string;
	share: number;
}

/** What came of a job. */
export interface Outcome {
	wallMs: number;
	/** CPU time of the whole process while the work was done. */
	cpuMs: number;
	/** Highest resident memory while the work was done, in bytes. */
	peakRss: number;
	/** Resident memory before. */
	rssBefore: number;
	/** Memory still held when the work was done and everything was collected that could be, over that before; in bytes. */
	held: number;
	/** The longest time in which nothing else could be done in the process. */
	longestTurnMs: number;
	/** Results that came out. */
	done: number;
	failed: number;
	profile: Share[];
}

/** A job that is ready to start; its result is still whole, and tells how many images were recognized. */
export type Work = () => Promise<{ countDone(): number }>;
