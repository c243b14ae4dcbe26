import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One message of a chat, as a model is sent it. */
export interface ChatMessage {
	role: string;
	content?: unknown;
}

interface ChatRequest {
	messages: ChatMessage[];
	/** Whether the answer is to come in pieces, as older n8n asks for it. */
	stream?: boolean;
	tools?: Array<{ function: { name: string; description: string; parameters: unknown } }>;
}

interface Completion {
	choices: Array<{
		index: number;
		message: { role: string; content: string | null; tool_calls?: object[] };
		finish_reason: string;
	}>;
	[field: string]: unknown;
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
			const [status, answer] = answerTo(asked, calls);
			const isStream = asked.stream && 'choices' in answer;
			response.writeHead(status, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
			response.end(isStream ? asEvents(answer) : JSON.stringify(answer));
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

/** An answer as a stream of one piece. */
function asEvents({ choices, usage: _usage, ...rest }: Completion): string {
	const pieces = choices.map(({ index, message: { tool_calls, ...words }, finish_reason }) => ({
		index,
		delta: { ...words, ...(tool_calls && { tool_calls: tool_calls.map((call, at) => ({ index: at, ...call })) }) },
		finish_reason,
	}));
	return `data: ${JSON.stringify({ ...rest, object: 'chat.completion.chunk', choices: pieces })}\n\ndata: [DONE]\n\n`;
}

/** What a tool answered may be nothing that its caller can go on from: then the chat ends with that. */
function answerTo(asked: ChatRequest, calls: ToolCall[]): [status: number, answer: Completion | { error: object }] {
	try {
		return [200, completion(asked, calls)];
	} catch (error) {
		return [400, { error: { message: (error as Error).message } }];
	}
}

function completion({ messages }: ChatRequest, calls: ToolCall[]): Completion {
	const answers = messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content));
	const last = answers.at(-1) ?? '';
	const next = calls[answers.length];
	const message = next
		? { role: 'assistant', content: null, tool_calls: [written(next, last, answers.length)] }
		: { role: 'assistant', content: last };
	return {
		id: 'chatcmpl-1',
		object: 'chat.completion',
		created: 0,
		model: 'scripted',
		choices: [{ index: 0, message, finish_reason: next ? 'tool_calls' : 'stop' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

function written({ tool, arguments: given }: ToolCall, before: string, number: number): object {
	return { id: `call_${number}`, type: 'function', function: { name: tool, arguments: JSON.stringify(given(before)) } };
}
