import { ExecuteContext } from 'n8n-core';
import { Workflow, type IExecuteFunctions, type INode, type IWorkflowExecuteAdditionalData } from 'n8n-workflow';

import type { GatewaySettings } from '../gateway';
import { imageUrl, urlItem, useStage } from './stage';
import { until } from './until';

const stage = useStage();
const items = Array.from({ length: 30 }, (_, index) => urlItem(imageUrl(`x${index}`, 'face')));

it.each<[string, Partial<GatewaySettings>, number]>([
	['calls are in flight', { latencyMs: 60_000 }, 10],
	['answers come to a halt', { faults: [{ kind: 'hang', afterHeaders: true }] }, 10],
	['a wait is asked for', { faults: [{ kind: 'code', status: 503, code: 5001, headers: { 'retry-after': '60' } }] }, 10],
	['downloads hang', { faults: [{ kind: 'hang', route: 'download' }] }, 1],
])('ends within a second where %s, and closes its connections', async (_name, settings, calls) => {
	stage.gateway.control(settings);
	const options = { downloadResults: true };
	// What a provider asks to wait holds its account, also for executions that come later.
	const credential = stage.credential(settings.faults?.[0]?.kind === 'code' ? 'klingChina' : 'klingGlobal');
	const some = calls === 1 ? items.slice(0, 1) : items;
	const running = stage.engine.start(stage.recognition(some, { options }, { credential }));
	await until(() => stage.gateway.requests.length === calls && (calls > 1 || stage.gateway.downloads.length === 1));
	const begun = Date.now();
	running.cancel();
	const { status } = await running.done;
	expect(status).toBe('canceled');
	expect(Date.now() - begun).toBeLessThan(1000);
	await until(() => stage.gateway.stats().openSockets === 0);
	expect(stage.gateway.requests).toHaveLength(calls);
});

it('an execution that runs to its end leaves no connection open', async () => {
	await stage.recognize(items, { options: { downloadResults: true } });
	await until(() => stage.gateway.stats().openSockets === 0);
});

it('one that stops on an error waits for nothing that hangs behind a retry, and shows what stopped it', async () => {
	stage.gateway.control({
		latencyMs: 50,
		faults: [
			{ kind: 'code', status: 503, code: 5001, headers: { 'retry-after': '60' }, match: '/n/x0' },
			{ kind: 'code', status: 400, code: 1201, match: '/n/x1.' },
		],
	});
	const begun = Date.now();
	const run = await stage.recognize(items.slice(0, 3), {}, { credential: stage.credential('deerApi') });
	expect(run.error).toMatchObject({ message: 'Kling refused the input', context: { itemIndex: 1 } });
	expect(Date.now() - begun).toBeLessThan(5000);
});

it('without items nothing is sent, and nothing comes out', async () => {
	const node: INode = {
		id: 'n',
		name: 'Kling',
		type: 'n8n-nodes-kling-recognition.klingRecognition',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { klingRecognitionApi: { id: 'c', name: 'c' } },
	};
	const { types } = stage.engine;
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes: types });
	const input = { main: [[]] };
	const context = new ExecuteContext(
		workflow,
		node,
		{} as IWorkflowExecuteAdditionalData,
		'manual',
		{ resultData: { runData: {} } } as never,
		0,
		[],
		input,
		{ data: input, node, source: null },
		[],
	);
	const outputs = (await types.getByName(node.type).execute!.call(context as IExecuteFunctions)) as unknown[][];
	expect(outputs.flat()).toEqual([]);
	expect(stage.gateway.requests).toEqual([]);
});
