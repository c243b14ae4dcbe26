import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One message of a chat, as a model is sent it. */
export interface ChatMessage {
	role: string;
	content?: unknown;
}

interface ChatRequest {
	messages: ChatMessage[];
	tools?: Array<{ function: { name: string; description: string; parameters: unknown } }>;
	/** Whether the answer is to come in pieces. */
	stream?: boolean;
}

/** A tool to call, and what with: `before` is what the tool before answered. */
export interface ToolCall {
	tool: string;
	arguments: (before: string) => object;
}

/** A stand-in for a language model: it thinks nothing, and calls the tools that it is told to. */
export interface ScriptedModel {
	/** What an OpenAI credential has as base URL. */
	url: string;
	/** What it was asked, in order. */
	requests: ChatRequest[];
	close(): Promise<void>;
}

/**
 * Starts a scripted model with OpenAI's chat interface: it calls one tool after the other, and repeats what the last one
 * answered word for word.
 */
export async function startModel(calls: ToolCall[]): Promise<ScriptedModel> {
	const requests: ChatRequest[] = [];
	const server = createServer((request, response) => {
		void readJson(request).then((asked) => {
			requests.push(asked);
			const { status, type, body } = answerTo(asked, calls);
			response.writeHead(status, { 'content-type': type });
			response.end(body);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		requests,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function readJson(request: IncomingMessage): Promise<ChatRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return JSON.parse(Buffer.concat(chunks).toString('utf8')) as ChatRequest;
}

interface Answer {
	status: number;
	type: string;
	body: string;
}

/** What a tool answered may be nothing that its caller can go on from: then the chat ends with that. */
function answerTo(asked: ChatRequest, calls: ToolCall[]): Answer {
	try {
		const answer = JSON.stringify(completion(asked, calls));
		if (!asked.stream) return { status: 200, type: 'application/json', body: answer };
		return { status: 200, type: 'text/event-stream', body: `data: ${answer}\n\ndata: [DONE]\n\n` };
	} catch (error) {
		const body = JSON.stringify({ error: { message: (error as Error).message } });
		return { status: 400, type: 'application/json', body };
	}
}

function completion({ messages, stream }: ChatRequest, calls: ToolCall[]): object {
	const answers = messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content));
	const last = answers.at(-1) ?? '';
	const next = calls[answers.length];
	const message = next
		? { role: 'assistant', content: null, tool_calls: [written(next, last, answers.length)] }
		: { role: 'assistant', content: last };
	return {
		id: 'chatcmpl-1',
		object: stream ? 'chat.completion.chunk' : 'chat.completion',
		created: 0,
		model: 'scripted',
		choices: [{ index: 0, [stream ? 'delta' : 'message']: message, finish_reason: next ? 'tool_calls' : 'stop' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

function written({ tool, arguments: given }: ToolCall, before: string, number: number): object {
	const call = { name: tool, arguments: JSON.stringify(given(before)) };
	return { id: `call_${number}`, index: 0, type: 'function', function: call };
}
