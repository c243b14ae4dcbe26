import type { ConcurrencyStep, Fault, FaultKind, Segment } from '../../gateway';
import { pick, seeded } from './random';

/** What becomes of a call that a fault hits: it is sent again, it fails for good, or it succeeds all the same. */
type Effect = 'again' | 'final' | 'good';

interface ChaosFault {
	name: string;
	kind: FaultKind;
	effect: Effect;
	/** HTTP status that the gateway records; 0 where none was answered. */
	status: number;
	/** The failure's message, where it is final. */
	message?: string;
}

const FAULTS: readonly ChaosFault[] = [
	{ name: 'reset before', kind: { kind: 'resetBefore' }, effect: 'again', status: 0 },
	{ name: 'reset during', kind: { kind: 'resetDuring' }, effect: 'again', status: 200 },
	{ name: 'HTTP 502 page', kind: { kind: 'html', status: 502 }, effect: 'again', status: 502 },
	{ name: 'HTTP 524 empty', kind: { kind: 'empty', status: 524 }, effect: 'again', status: 524 },
	{ name: 'code 5000', kind: { kind: 'code', status: 500, code: 5000 }, effect: 'again', status: 500 },
	{ name: 'code 1302', kind: { kind: 'code', status: 503, code: 1302 }, effect: 'again', status: 503 },
	{ name: 'code 5002 with 200', kind: { kind: 'code', status: 200, code: 5002 }, effect: 'again', status: 200 },
	{
		name: 'code 1201',
		kind: { kind: 'code', status: 400, code: 1201 },
		effect: 'final',
		status: 400,
		message: 'Kling refused the input',
	},
	{
		name: 'code 1301 with 200',
		kind: { kind: 'code', status: 200, code: 1301 },
		effect: 'final',
		status: 200,
		message: "The input violates the platform's content security policy",
	},
	{
		name: 'half an answer',
		kind: { kind: 'truncated' },
		effect: 'final',
		status: 200,
		message: 'The answer is not complete JSON',
	},
	{
		name: 'HTTP 403',
		kind: { kind: 'html', status: 403 },
		effect: 'final',
		status: 403,
		message: 'The provider does not allow this request',
	},
	{ name: 'wrong type', kind: { kind: 'wrongContentType' }, effect: 'good', status: 200 },
	{ name: 'late', kind: { kind: 'delay', ms: 60 }, effect: 'good', status: 200 },
];

/** Attempts of each item: more than faults can hit it, with room for calls that the limit turns away. */
export const MAX_ATTEMPTS = 8;
const MOST_FAULTS = 3;
const FAULT_SHARE = 0.3;
const SEGMENTS: readonly Segment[] = ['object', 'head', 'face', 'cloth'];

/** One item of a chaotic run, and what has to become of it. */
export interface ChaosItem {
	url: string;
	flags: Segment[];
	/** What hits its calls, in order. */
	faults: ChaosFault[];
	/** null: a result. */
	message: string | null;
}

/** A chaotic run; the same seed makes the same. */
export interface ChaosPlan {
	items: ChaosItem[];
	faults: Fault[];
	concurrencyPlan: ConcurrencyStep[];
}

/** Plans a run of `count` items. */
export function planChaos(seed: number, count: number): ChaosPlan {
	const random = seeded(seed);
	const items = Array.from({ length: count }, (_none, index) => planItem(random, index));
	return {
		items,
		faults: items.flatMap(({ url, faults }) => faults.map(({ kind }) => ({ ...kind, match: url, times: 1 }))),
		concurrencyPlan: Array.from({ length: 20 }, (_none, step) => ({
			afterCalls: Math.floor((step * count) / 18),
			limit: 4 + Math.floor(random() * 40),
		})),
	};
}

function planItem(random: () => number, index: number): ChaosItem {
	const flags = SEGMENTS.filter(() => random() < 0.4);
	const faults: ChaosFault[] = [];
	while (faults.length < MOST_FAULTS && random() < FAULT_SHARE) {
		faults.push(pick(random, FAULTS));
		// What comes behind a call that ends the item would never be played.
		if (faults.at(-1)!.effect !== 'again') break;
	}
	const url = `https://images.kling-samples.test/chaos/${index}.jpg?flags=${flags.join()}&end`;
	return { url, flags, faults, message: faults.at(-1)?.message ?? null };
}
