import type { INodeExecutionData } from 'n8n-workflow';

import type { NodeRun } from '../engine/engine';
import type { GatewayRequest } from '../gateway';
import { MAX_ATTEMPTS, planChaos, type ChaosItem, type ChaosPlan } from './chaos/plan';
import { credentialOf, startWorld, type World } from './support/world';

const COUNT = 2000;
/** `CHAOS_SEED=... npx jest test/trust/chaos` replays a run. */
const SEED = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 32));

let world: World;
let plan: ChaosPlan;
let run: NodeRun;
let calls: Map<string, GatewayRequest[]>;

beforeAll(async () => {
	process.stdout.write(`chaos: CHAOS_SEED=${SEED}\n`);
	world = await startWorld();
	plan = planChaos(SEED, COUNT);
	world.gateway.control({ faults: plan.faults, concurrencyPlan: plan.concurrencyPlan, latencyMs: [1, 20] });
	run = await world.engine.run({
		parameters: {
			operation: 'recognizeImage',
			imageSource: 'url',
			imageUrl: '={{ $json.url }}',
			options: { maxConcurrency: 50, maxAttempts: MAX_ATTEMPTS },
		},
		credential: credentialOf('custom', world.gateway.url),
		onError: 'continueRegularOutput',
		items: plan.items.map(({ url }) => ({ json: { url } })),
	});
	calls = byUrl(world.gateway.requests);
}, 280_000);

afterAll(() => world.close());

function byUrl(requests: readonly GatewayRequest[]): Map<string, GatewayRequest[]> {
	const calls = new Map<string, GatewayRequest[]>();
	for (const request of requests) {
		const { image } = request.json as { image: string };
		calls.set(image, [...(calls.get(image) ?? []), request]);
	}
	return calls;
}

/** Words for an item that does not match its plan; empty where all do. */
function mismatches(check: (item: ChaosItem, output: INodeExecutionData, calls: GatewayRequest[]) => boolean): string[] {
	return plan.items.flatMap((item, index) => {
		const output = run.outputs[0]![index];
		if (output && check(item, output, calls.get(item.url) ?? [])) return [];
		return [
			`CHAOS_SEED=${SEED} item ${index} (${item.faults.map(({ name }) => name).join(', ')}): ${JSON.stringify(output?.json)}`,
		];
	});
}

/** Calls that the limit turned away; none of the faults has this status. */
const turnedAway = ({ status }: GatewayRequest): boolean => status === 429;
const givenUp = ({ json }: INodeExecutionData): boolean => (json.details as { serviceCode?: number })?.serviceCode === 1303;

test('every item leaves exactly once, in order', () => {
	expect(run.error).toBeUndefined();
	expect(run.outputs).toHaveLength(1);
	expect(run.outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual(plan.items.map((_item, item) => ({ item })));
});

test('as the result of its image, or as the typed error of what hit it', () => {
	const wrong = mismatches(({ flags, message }, output) => {
		if (givenUp(output)) return true;
		if (message !== null) return output.json.error === message && Object.keys(output.json).join() === 'error,details';
		return JSON.stringify(output.json.detected) === JSON.stringify(flags) && output.json.requestId !== undefined;
	});
	expect(wrong).toEqual([]);
	// The limit only slows down: what it costs stays the exception.
	expect(run.outputs[0]!.filter(givenUp).length).toBeLessThan(COUNT / 100);
});

test('no call after success, and none too many', () => {
	const wrong = mismatches(({ faults }, output, made) => {
		if (givenUp(output)) return true;
		const played = made.filter((call) => !turnedAway(call)).map(({ status }) => status);
		const endsWell = faults.every(({ effect }) => effect === 'again');
		const planned = [...faults.map(({ status }) => status), ...(endsWell ? [200] : [])];
		return JSON.stringify(played) === JSON.stringify(planned) && !turnedAway(made.at(-1)!);
	});
	expect(wrong).toEqual([]);
});

test('the errors count the calls that were made', () => {
	const wrong = mismatches((_item, { json }, made) => {
		const { attempts } = (json.details ?? {}) as { attempts?: number };
		return attempts === undefined || attempts === made.length;
	});
	expect(wrong).toEqual([]);
});

test('the chaos was one', () => {
	const hit = plan.items.filter(({ faults }) => faults.length > 0).length;
	expect(hit / COUNT).toBeGreaterThan(0.25);
	expect(hit / COUNT).toBeLessThan(0.35);
	expect(world.gateway.stats().rejected).toBeGreaterThan(0);
});

test('a seed replays', () => {
	expect(planChaos(SEED, COUNT)).toEqual(plan);
	expect(planChaos(SEED + 1, COUNT)).not.toEqual(plan);
});
