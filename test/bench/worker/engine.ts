import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { LazyPackageDirectoryLoader } from 'n8n-core';
import type { INodeExecutionData, INodeType, INodeTypes, IRun, IVersionedNodeType } from 'n8n-workflow';

import { loadEngine, type Engine } from '../../engine/engine';
import { KEYS } from '../../gateway/keys';
import type { Job, Work } from '../job';
import { hostRequire } from './hostModules';
import { itemsOf } from './items';
import { LOOP, loopNode } from './loopNode';
import { workflowOf } from './workflows';

/** Executions that come at once begin so far from each other: a process starts one after the other. */
const APART_MS = 20;

const BASE = 'n8n-nodes-base.';

/** Prepares a job in n8n's engine. */
export async function prepareEngine(job: Job): Promise<Work> {
	const engine = await loadEngine();
	await engine.binaryMode('filesystem');
	const findType = await addNodes(engine);
	const items = await itemsOf(job);
	engine.types.sourceItems = items;
	const { nodes, connections, last } = workflowOf(job);
	// n8n loads a node's code when it is first needed; that is no part of the work.
	for (const { type, typeVersion } of nodes) findType(type, typeVersion);
	const credential = { provider: 'custom', apiKey: KEYS.custom, baseUrl: job.gatewayUrl };
	const run = async () => await engine.runWorkflow({ nodes, connections, credentials: { klingRecognitionApi: credential } });
	await warmUp(job, engine, run);
	const resultsOf = ({ data }: IRun) => data.resultData.runData[last]?.[0]?.data?.main?.flat() ?? [];
	if (job.apart) return async () => await runApart(engine, items, run, resultsOf);
	return async () => {
		const result = await run();
		if (result.data.resultData.error) throw result.data.resultData.error;
		return { countDone: () => countGood(resultsOf(result)) };
	};
}

/** Runs an execution for each item, side by side. Those that failed have no results. */
async function runApart(
	{ types }: Engine,
	items: INodeExecutionData[],
	run: () => Promise<IRun>,
	resultsOf: (run: IRun) => Array<INodeExecutionData | null>,
): Promise<{ countDone(): number }> {
	const left = items.map((item) => [item]);
	Object.defineProperty(types, 'sourceItems', { get: () => left.shift() ?? [] });
	const runs = await Promise.all(
		items.map(async (_, index) => {
			await setTimeout(index * APART_MS);
			return await run();
		}),
	);
	const good = runs.filter(({ data }) => !data.resultData.error);
	return { countDone: () => countGood(good.flatMap(resultsOf)) };
}

const countGood = (items: Array<INodeExecutionData | null | undefined>): number =>
	items.filter((item) => item && item.json.error === undefined).length;

async function warmUp({ warmUp: count = 0 }: Job, { types }: Engine, run: () => Promise<unknown>): Promise<void> {
	if (count === 0) return;
	const items = types.sourceItems;
	types.sourceItems = Array.from({ length: count }, (_, index) => ({
		json: { url: `https://images.kling-samples.test/w/${index}.jpg` },
	}));
	await run();
	types.sourceItems = items;
}

/** Lets the engine find n8n's own nodes, and the loop, beside the package's. */
async function addNodes({ types }: Engine): Promise<INodeTypes['getByNameAndVersion']> {
	const base = new LazyPackageDirectoryLoader(dirname(hostRequire.resolve('n8n-nodes-base/package.json')));
	await base.loadAll();
	const own = types.getByName.bind(types);
	const find: INodeTypes['getByNameAndVersion'] = (name, version) => {
		if (name === LOOP) return loopNode;
		if (!name.startsWith(BASE)) return own(name);
		const { type } = base.getNode(name.slice(BASE.length));
		return isVersioned(type) ? type.getNodeType(version) : type;
	};
	Object.assign(types, { getByName: find, getByNameAndVersion: find });
	return find;
}

const isVersioned = (type: INodeType | IVersionedNodeType): type is IVersionedNodeType => 'nodeVersions' in type;
