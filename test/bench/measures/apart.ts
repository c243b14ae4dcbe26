import { contestRepeatedly, type Arena } from '../contest';
import { httpRequest, httpRequestRetried, node, type Entry } from '../contestants';
import { atMost, percent, seconds, times, type Report } from '../report';
import { overNothing } from './memory';
import { cells, COLUMNS, onTime } from './throughput';

const MOST_BYTES = 120 * 1_048_576;
/** How often what is judged runs; the middle one counts. */
const REPEATS = 3;

const NOTE =
	'Each execution gets one image and runs the same workflow, as n8n does for webhooks: in one process, side by side. They begin 20 ms from each other.';

interface Account {
	limit: number;
	latencyMs: number;
}

async function apart(
	arena: Arena,
	count: number,
	{ limit, latencyMs }: Account,
	repeats: number,
): Promise<Omit<Report, 'title'>> {
	const idealMs = (count * latencyMs) / limit;
	const race = async ({ task }: Entry, times: number) =>
		await contestRepeatedly(
			arena,
			{ ...task, apart: true, input: { kind: 'url', count } },
			{ latencyMs, concurrency: limit },
			times,
			({ wallMs }) => wallMs,
		);
	const own = await race(node, repeats);
	const peer = await race(httpRequestRetried, 1);
	return {
		work: `${count} executions at once of one URL each, ${latencyMs} ms a call, ${limit} calls at once allowed; ideal ${seconds(idealMs)}`,
		columns: COLUMNS,
		rows: [
			[node.name, ...cells(own, idealMs)],
			[httpRequestRetried.name, ...cells(peer, idealMs)],
		],
		verdicts: [
			...onTime(own, idealMs, 1.25),
			atMost('calls rejected', own ? own.calls.rejected / own.calls.calls : 1, 0.15, percent),
		],
		notes: [NOTE],
	};
}

/** 60 executions of one item at a small account. */
export async function sixtyApart(arena: Arena): Promise<Report> {
	const report = await apart(arena, arena.quick ? 16 : 60, { limit: 4, latencyMs: 500 }, arena.quick ? 1 : REPEATS);
	return { title: 'Many executions of one item', ...report };
}

/** 200 executions of one item, some of which wait for more than a minute. */
export async function manyApart(arena: Arena): Promise<Report> {
	const account = { limit: 5, latencyMs: arena.quick ? 300 : 2000 };
	const report = await apart(arena, arena.quick ? 40 : 200, account, 1);
	return { title: 'More executions than an account takes in a minute', ...report };
}

const UNLIMITED_MS = 300;
const MOST_OF_PEER = 1.5;

/** Executions of one item at an account that takes as many calls as come: beside a node that sends all at once. */
export async function freeApart(arena: Arena): Promise<Report> {
	const count = arena.quick ? 30 : 300;
	const idealMs = count * 20 + UNLIMITED_MS;
	const race = async ({ task }: Entry) =>
		await contestRepeatedly(
			arena,
			{ ...task, apart: true, input: { kind: 'url', count } },
			{ latencyMs: UNLIMITED_MS },
			arena.quick ? 1 : REPEATS,
			({ wallMs }) => wallMs,
		);
	const [own, peer] = [await race(node), await race(httpRequest)];
	return {
		title: 'Many executions without a limit',
		work: `${count} executions at once of one URL each, ${UNLIMITED_MS} ms a call; ideal ${seconds(idealMs)}`,
		columns: COLUMNS,
		rows: [
			[node.name, ...cells(own, idealMs)],
			[httpRequest.name, ...cells(peer, idealMs)],
		],
		verdicts: [atMost('of the HTTP Request node', (own?.wallMs ?? Infinity) / (peer?.wallMs ?? 0), MOST_OF_PEER, times)],
		notes: [NOTE],
	};
}

/** Memory that executions of one large file each take, over that of executions that do nothing with them. */
export async function memoryApart(arena: Arena): Promise<Report> {
	const count = arena.quick ? 8 : 32;
	const run = async (contestant: 'node' | 'nothing') =>
		await contestRepeatedly(
			arena,
			{ contestant, apart: true, input: { kind: 'file', count } },
			{ latencyMs: 300 },
			arena.quick ? 1 : REPEATS,
			({ peakRss }) => peakRss,
		);
	const nothing = await run('nothing');
	const own = await run('node');
	return {
		title: 'Memory of many executions',
		work: `${count} executions at once of one file of 9.5 MB each, in n8n's filesystem mode, 300 ms a call; highest resident memory`,
		...overNothing(nothing, node.name, own, MOST_BYTES),
		notes: [NOTE],
	};
}
