import type { INodeExecutionData } from 'n8n-workflow';

import { AT_SET_UP, brief, casesOf, expected, fileOf, INPUTS, NOTHING_WRONG, OF_ONE_ITEM } from '../../engine/placementTable';
import type { PlacementCase, Wrong } from '../../engine/placementTable';
import type { Gateway } from '../../gateway';
import { CREDENTIAL_TYPE, type Credential } from '../harness/credentials';
import type { Execution, Item } from '../harness/execution';
import type { Server } from '../harness/server';
import { CLOSES_MS, OPENS_MS, openStand, type Stand } from '../harness/stand';
import { kling, manualStart, noOp, workflow, type Link, type NodeDraft, type Workflow } from '../harness/workflows';

/** One execution with every case in it, side by side: an n8n that starts takes longer than all of them. */
interface Flow {
	name: string;
	cases: PlacementCase[];
	workflow: Workflow;
}

const ITEMS = 3;
let stand: Stand;
let gateway: Gateway;
let server: Server;

const items: NodeDraft = {
	name: 'Items',
	type: 'n8n-nodes-base.code',
	typeVersion: 2,
	parameters: {
		jsCode: `return ${JSON.stringify(
			INPUTS.map((json, item) => ({
				json,
				binary: { data: { data: 'bm90ZXM=', mimeType: 'text/plain', fileName: fileOf(item) } },
			})),
		)};`,
	},
};

/** The outputs of a case's node, the error output with them. */
const outputsOf = ({ branching, onError }: PlacementCase): number[] =>
	Array.from({ length: branching.outputs + (onError === 'continueErrorOutput' ? 1 : 0) }, (_none, output) => output);
const behind = ({ title }: PlacementCase, output: number): string => `${title}: ${output}`;

const wrongs = [...AT_SET_UP, ...OF_ONE_ITEM];
const credentialId = (wrong: Wrong): string => `wrong${wrongs.indexOf(wrong)}`.padEnd(16, '0');

function wrongCredentials(): Credential[] {
	return wrongs.flatMap((wrong) => {
		if (!wrong.credential) return [];
		const data = wrong.credential as Record<string, string>;
		return [{ id: credentialId(wrong), name: wrong.name, type: CREDENTIAL_TYPE, data }];
	});
}

function nodeOf({ title, wrong, branching, onError }: PlacementCase): NodeDraft {
	const own = wrong.credential ? { credentials: { [CREDENTIAL_TYPE]: { id: credentialId(wrong), name: wrong.name } } } : {};
	return kling(title, { ...branching.parameters, ...wrong.parameters }, 'klingGlobal', {
		onError,
		...own,
		...(wrong.node as object),
	});
}

function flow(name: string, wrongsOfFlow: readonly Wrong[]): Flow {
	const cases = casesOf(wrongsOfFlow);
	const nodes = cases.flatMap((one) => [nodeOf(one), ...outputsOf(one).map((output) => noOp(behind(one, output)))]);
	const links = cases.flatMap((one): Link[] => [
		['Items', one.title],
		...outputsOf(one).map((output): Link => [one.title, behind(one, output), output]),
	]);
	return { name, cases, workflow: workflow(name, [manualStart(), items, ...nodes], [['Start', 'Items'], ...links]) };
}

// What another workflow calls deleted, n8n refuses to run from the command line: the engine's tests have it.
const setUp = flow(
	'setUp',
	AT_SET_UP.filter(({ credential }) => credential !== null),
);
const single = flow('single', [...NOTHING_WRONG, ...OF_ONE_ITEM.filter(({ fault }) => !fault)]);
/** Each fault of the provider's has an execution of its own: one gateway serves all the nodes of one. */
const answered = OF_ONE_ITEM.filter(({ fault }) => fault).map((wrong, index) => ({
	wrong,
	flow: flow(`answer${index}`, [wrong]),
}));

const briefs = (found: Item[]): string[] => found.map((item) => brief(item as INodeExecutionData));

function reached(run: Execution, one: PlacementCase): string[][] {
	return outputsOf(one).map((output) => (run.runs(behind(one, output)) === 0 ? [] : briefs(run.items(behind(one, output)))));
}

/** What reached the nodes behind each case's outputs, and what had to. */
async function compare({ cases, workflow: drawn }: Flow): Promise<void> {
	const run = await server.execute(drawn);
	expect(run.error?.message).toBeUndefined();
	const all = Array.from({ length: ITEMS }, (_none, item) => item);
	const wanted = cases.map((one) => [one.title, expected(one.branching, one.wrong.items ?? all, one.onError)]);
	expect(Object.fromEntries(cases.map((one) => [one.title, reached(run, one)]))).toEqual(Object.fromEntries(wanted));
}

beforeAll(async () => {
	stand = await openStand('placement', wrongCredentials());
	({ gateway, server } = stand);
}, OPENS_MS);

afterAll(async () => await stand?.close(), CLOSES_MS);

beforeEach(() => gateway.reset());

test('a run that cannot start passes nothing on as recognised, and sends nothing', async () => {
	await compare(setUp);
	expect(gateway.requests).toEqual([]);
});

test('what is wrong with one item is its failure alone', async () => {
	await compare(single);
});

test.each(answered.map((one) => [one.wrong.name, one] as const))(
	'%s is its failure alone',
	async (_name, { wrong, flow: one }) => {
		gateway.control({ faults: [wrong.fault!] });
		await compare(one);
	},
);
