import { contest, type Arena, type Run } from '../contest';
import { helperAlone, httpRequest, httpRequestBatched, loop, node, undici, type Entry } from '../contestants';
import type { Input } from '../job';
import { atMost, milliseconds, times, type Report } from '../report';
import { median } from '../statistics';
import { whereItGoes } from './whereItGoes';

/** How often each contestant runs; the median counts. */
const REPEATS = 5;

/** CPU time of a call that carries next to nothing. */
export async function cpuOfSmallCalls(arena: Arena): Promise<Report> {
	const input: Input = { kind: 'url', count: arena.quick ? 100 : 1000 };
	const entries = [node, httpRequest, httpRequestBatched(10, 10), helperAlone(10), loop, undici(10)];
	const { medians, rows } = await compare(arena, entries, input);
	const [own = Infinity, asItComes = 0, batched = 0, helper = 0] = medians;
	const peer = Math.min(asItComes, batched);
	return {
		title: 'CPU for one small call',
		work: `${input.count} URLs, no latency; CPU time of the whole process, median of ${repeatsOf(arena)} runs`,
		columns: COLUMNS,
		rows,
		verdicts: [atMost('of the HTTP Request node', own / peer, 1, times)],
		notes: [
			`A node that does nothing but call n8n's request helper, 10 at once as this node does by default, takes ${times(helper / peer)} the HTTP Request node: that is how far the engine lets any node go that keeps to 10 at once. The HTTP Request node reads its parameters and sends in bursts, which the processor and the kernel work off more cheaply.`,
			await whereItGoes(arena, input, {}),
		],
	};
}

/** CPU time of a call that carries a large file. */
export async function cpuOfLargeCalls(arena: Arena): Promise<Report> {
	const input: Input = { kind: 'file', count: arena.quick ? 10 : 100 };
	const entries = [node, httpRequest, httpRequestBatched(5, 300), loop, undici(5)];
	const { medians, rows } = await compare(arena, entries, input);
	return {
		title: 'CPU for one large call',
		work: `${input.count} files of 9.5 MB, no latency; CPU time of the whole process, median of ${repeatsOf(arena)} runs`,
		columns: COLUMNS,
		rows,
		verdicts: [atMost('of bare undici', medians[0]! / medians.at(-1)!, 1.5, times)],
		notes: [await whereItGoes(arena, input, {})],
	};
}

const COLUMNS = ['', 'CPU per call', 'of bare undici', 'items failed'];

const repeatsOf = ({ quick }: Arena): number => (quick ? 1 : REPEATS);

async function compare(arena: Arena, entries: Entry[], input: Input): Promise<{ medians: number[]; rows: string[][] }> {
	const runs = entries.map((): Run[] => []);
	// In turns, so that what else the machine does meets all alike.
	for (let turn = 0; turn < repeatsOf(arena); turn += 1) {
		for (const [index, { task }] of entries.entries()) runs[index]!.push(await contest(arena, { ...task, input }, {}));
	}
	const medians = runs.map((own) => median(own.map((run) => (run ? run.cpuMs / input.count : Infinity))));
	const rows = entries.map(({ name }, index) => {
		const failed = runs[index]!.map((run) => run?.failed ?? input.count);
		return [name, milliseconds(medians[index]!), times(medians[index]! / medians.at(-1)!), String(Math.max(...failed))];
	});
	return { medians, rows };
}
