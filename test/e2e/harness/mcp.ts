/** A client of n8n's MCP Server Trigger. */
export interface McpClient {
	/** Calls a tool. @returns what it answered, as a text */
	call(tool: string, given: object): Promise<string>;
}

interface Message {
	result?: { content?: Array<{ text?: string }>; tools?: Array<{ name: string }> };
	error?: { message: string };
}

/** Begins a session by Streamable HTTP, the newer of MCP's two ways. */
export async function connectMcp(url: string): Promise<McpClient> {
	let session: string | null = null;
	let id = 0;
	const send = async (method: string, params: object): Promise<Message> => {
		const response = await fetch(url, {
			method: 'POST',
			headers: {
				accept: 'application/json, text/event-stream',
				'content-type': 'application/json',
				...(session !== null && { 'mcp-session-id': session }),
			},
			body: JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${method}: HTTP ${response.status} ${text.slice(0, 500)}`);
		session ??= response.headers.get('mcp-session-id');
		const event = /^data: (.*)$/m.exec(text)?.[1];
		return JSON.parse(event ?? text) as Message;
	};
	await send('initialize', {
		protocolVersion: '2025-03-26',
		capabilities: {},
		clientInfo: { name: 'tests', version: '1' },
	});
	return {
		call: async (tool, given) => {
			const { result, error } = await send('tools/call', { name: tool, arguments: given });
			if (error) throw new Error(error.message);
			return result?.content?.map(({ text }) => text).join('\n') ?? '';
		},
	};
}
