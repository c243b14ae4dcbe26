import type { Gateway } from '../../gateway';
import type { Execution, Item } from '../harness/execution';
import { tasksMade } from '../harness/paid';
import type { Server } from '../harness/server';
import { CLOSES_MS, OPENS_MS, openStand, type Stand } from '../harness/stand';
import {
	generation,
	kling,
	manualStart,
	noOp,
	sampleUrl,
	setJson,
	workflow,
	type Link,
	type Workflow,
} from '../harness/workflows';

const GOOD = sampleUrl('portrait.jpg');
const BAD = sampleUrl('missing.jpg');
const UNFIT = sampleUrl('statue.jpg');

const EACH = { operation: 'recognizeImage', imageSource: 'url', imageUrl: '={{ $json.url }}', branchBy: 'requirement' };
const asItems = (...urls: string[]) => urls.map((url) => ({ json: { url } }));

let stand: Stand;
let gateway: Gateway;
let server: Server;

beforeAll(async () => {
	stand = await openStand('pairing');
	({ gateway, server } = stand);
}, OPENS_MS);

afterAll(async () => await stand?.close(), CLOSES_MS);

beforeEach(() => {
	gateway.reset();
	gateway.control({ faults: [{ kind: 'code', status: 400, code: 1301, match: 'missing.jpg' }] });
});

/** The links of a node with branches and the error output, each to a node of its own. */
const toEnds: Link[] = [
	['Recognize', 'Match', 0],
	['Recognize', 'No Match', 1],
	['Recognize', 'Failed', 2],
];
const ends = ['Match', 'No Match', 'Failed'].map(noOp);

const recognize = kling('Recognize', EACH, 'klingGlobal', { onError: 'continueErrorOutput' });

/** Pins items to nodes of a stored workflow, as people do after a run. */
async function pin<Flow extends Workflow & { versionId: string }>(flow: Flow, pinData: Workflow['pinData']): Promise<Flow> {
	const pinned = { ...flow, pinData };
	const { versionId } = await server.rest('PATCH', `/workflows/${flow.id}`, pinned);
	return { ...pinned, versionId };
}

/** What left by each output: the image's URL, and of what failed its error's code. */
function left(run: Execution): Array<Array<string | number>> {
	const told = ({ json }: Item): string | number => (json.details ? Number(json.details.serviceCode) : String(json.imageUrl));
	return run.outputs('Recognize').map((items) => items.map(told));
}

test('an item that failed is paired, and takes its input along, where n8n can look that up', async () => {
	const flow = await server.createWorkflow(
		workflow(
			'paired',
			[manualStart(), setJson('Images', [{ url: GOOD }, { url: BAD }, { url: UNFIT }]), recognize, ...ends],
			[['Start', 'Images'], ['Images', 'Recognize'], ...toEnds],
		),
	);
	const run = await server.runManually(flow, 'Recognize');
	expect(left(run)).toEqual([[GOOD], [UNFIT], [1301]]);
	expect(run.outputs('Recognize')[2]?.[0]).toMatchObject({ json: { url: BAD }, pairedItem: { item: 1 } });
});

test('with more pinned items than the last run gave: none that failed leaves by Match', async () => {
	const flow = await server.createWorkflow(
		workflow(
			'pinned',
			[manualStart(), setJson('Images', [{ url: GOOD }]), recognize, ...ends],
			[['Start', 'Images'], ['Images', 'Recognize'], ...toEnds],
		),
	);
	const before = await server.runManually(flow, 'Images');
	const pinned = await pin(flow, { Images: asItems(GOOD, UNFIT, BAD) });
	const run = await server.runManually(pinned, 'Recognize', before.runData);
	expect(left(run)).toEqual([[GOOD], [UNFIT], [1301]]);
	expect(run.outputs('Recognize')[2]?.[0]?.json).not.toHaveProperty('url');
});

test('behind the second output of a node whose items are pinned: none that failed leaves by Match', async () => {
	const sorted = {
		name: 'Sorted',
		type: 'n8n-nodes-base.if',
		typeVersion: 2,
		parameters: {
			conditions: {
				options: { caseSensitive: true, leftValue: '', typeValidation: 'strict' },
				conditions: [
					{
						id: 'never',
						leftValue: '={{ $json.url }}',
						rightValue: 'nothing',
						operator: { type: 'string', operation: 'equals' },
					},
				],
				combinator: 'and',
			},
			options: {},
		},
	};
	const flow = await server.createWorkflow(
		workflow(
			'second-output',
			[manualStart(), setJson('Images', [{ url: GOOD }]), sorted, recognize, ...ends],
			[['Start', 'Images'], ['Images', 'Sorted'], ['Sorted', 'Recognize', 1], ...toEnds],
		),
	);
	const before = await server.runManually(flow, 'Images');
	const pinned = await pin(flow, { Sorted: asItems(BAD, UNFIT) });
	const run = await server.runManually(pinned, 'Recognize', before.runData);
	expect(left(run)).toEqual([[], [UNFIT], [1301]]);
});

test('what cannot be paired is not paid for behind Match either', async () => {
	const flow = await server.createWorkflow(
		workflow(
			'paid',
			[
				manualStart(),
				setJson('Images', [{ url: GOOD }]),
				recognize,
				generation('Make', { operation: 'imageToVideo', prompt: 'A smile' }),
				...ends.slice(1),
			],
			[['Start', 'Images'], ['Images', 'Recognize'], ['Recognize', 'Make', 0], ...toEnds.slice(1)],
		),
	);
	const before = await server.runManually(flow, 'Images');
	const pinned = await pin(flow, { Images: asItems(BAD, BAD) });
	const run = await server.runManually(pinned, 'Make', before.runData);
	expect(run.runs('Make')).toBe(0);
	expect(tasksMade(gateway)).toBe(0);
});
