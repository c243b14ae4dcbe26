import type { Gateway } from '../../gateway';
import { connectMcp, type McpClient } from '../harness/mcp';
import { startModel, type ScriptedModel } from '../harness/model';
import { waitUntil } from '../harness/processes';
import type { Server } from '../harness/server';
import { CLOSES_MS, OPENS_MS, openStand, type Stand } from '../harness/stand';
import {
	GENERATION,
	generation,
	manualStart,
	sampleUrl,
	setJson,
	workflow,
	type NodeDraft,
	type Workflow,
	type WorkflowNode,
} from '../harness/workflows';

let stand: Stand;
let gateway: Gateway;
let server: Server;
let model: ScriptedModel;

beforeAll(async () => {
	model = await startModel([{ tool: 'Make_Video', arguments: () => ({ Prompt: 'She smiles' }) }]);
	const openAi = { id: 'openAi0000000000', name: 'Scripted', type: 'openAiApi', data: { apiKey: 'none', url: model.url } };
	stand = await openStand('tools', [openAi]);
	({ gateway, server } = stand);
}, OPENS_MS);

afterAll(async () => {
	await stand?.close();
	await model?.close();
}, CLOSES_MS);

beforeEach(() => gateway.reset());

/** A tool that makes a video of what the model asks for. */
const makeVideo = (parameters: Record<string, unknown>, rest: Partial<WorkflowNode> = {}): NodeDraft =>
	generation(
		'Make Video',
		{
			imageSource: 'url',
			imageUrl: sampleUrl('portrait.jpg'),
			prompt: "={{ $fromAI('Prompt', `What happens in the video`, 'string') }}",
			...parameters,
		},
		{ type: `${GENERATION}Tool`, ...rest },
	);

const linked = (how: 'ai_tool' | 'ai_languageModel', node: string) => ({ [how]: [[{ node, type: how, index: 0 }]] });

/** An agent whose tool waits for the video, and is tried again where it fails. */
function agent(): Workflow {
	const chat = {
		name: 'Chat Model',
		type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
		typeVersion: 1.2,
		parameters: { model: { __rl: true, mode: 'list', value: 'gpt-4.1-mini' }, options: {} },
		credentials: { openAiApi: { id: 'openAi0000000000', name: 'Scripted' } },
	};
	const agentNode = {
		name: 'Agent',
		type: '@n8n/n8n-nodes-langchain.agent',
		typeVersion: 1.8,
		parameters: { promptType: 'define', text: 'Make a video.', options: {} },
	};
	const tool = makeVideo({ wait: true }, { retryOnFail: true, maxTries: 2, waitBetweenTries: 1000 });
	const drawn = workflow(
		'agent',
		[manualStart(), setJson('Question', {}), agentNode, chat, tool],
		[
			['Start', 'Question'],
			['Question', 'Agent'],
		],
	);
	const below = { 'Chat Model': linked('ai_languageModel', 'Agent'), 'Make Video': linked('ai_tool', 'Agent') };
	return { ...drawn, connections: { ...drawn.connections, ...below } as unknown as Workflow['connections'] };
}

/** A server of tools with one that makes videos. */
function toolsServer(): Workflow {
	const trigger = {
		name: 'Tools',
		type: '@n8n/n8n-nodes-langchain.mcpTrigger',
		typeVersion: 2,
		webhookId: 'tools',
		parameters: { path: 'tools', authentication: 'none' },
	};
	const connections = { 'Make Video': linked('ai_tool', 'Tools') } as unknown as Workflow['connections'];
	return workflow('tools', [trigger, makeVideo({ wait: false })], [], { connections });
}

test('two requests to an MCP server that ask for the same are two tasks: there is no execution that they share', async () => {
	const flow = await server.createWorkflow(toolsServer());
	await server.activate(flow);
	let client: McpClient | undefined;
	await waitUntil('the MCP server to listen', async () => {
		client = await connectMcp(`${server.url}/mcp/tools`).catch(() => undefined);
		return client !== undefined;
	});
	const answers = [
		await client!.call('Make_Video', { Prompt: 'She smiles' }),
		await client!.call('Make_Video', { Prompt: 'She smiles' }),
	];
	const ids = answers.map((answer) => /"taskId":\s*"(\d+)"/.exec(answer)?.[1]);
	expect(ids).toEqual([expect.any(String), expect.any(String)]);
	expect(new Set(ids).size).toBe(2);
	const { creates, tasks } = gateway.account('klingGlobal');
	expect({ creates, tasks }).toEqual({ creates: 2, tasks: 2 });
}, 120_000);

test("an agent's tool with Retry On Fail makes one task, however often n8n tries it", async () => {
	// The answer that ends a wait at once: the tool fails, and n8n runs it again.
	gateway.control({ taskMs: 500, faults: [{ kind: 'code', status: 401, code: 1002, route: 'query', times: 1 }] });
	const execution = await server.execute(agent());
	expect(execution.error?.message).toBeUndefined();
	const [answer] = model.requests.at(-1)!.messages.filter(({ role }) => role === 'tool');
	expect(String(answer?.content)).toContain('"status":"succeeded"');
	const { creates, tasks } = gateway.account('klingGlobal');
	expect({ creates, tasks }).toEqual({ creates: 1, tasks: 1 });
});
