import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from './answers';
import { parseBody, readBody } from './body';
import { send } from './faults';
import type { State } from './state';
import type { GatewayStats } from './types';

/** `/__gateway/...`: what the Gateway object offers, for other processes. */
export async function handleControl(
	request: IncomingMessage,
	response: ServerResponse,
	pathname: string,
	state: State,
	stats: () => GatewayStats,
): Promise<void> {
	const name = `${request.method} ${pathname.replace('/__gateway/', '')}`;
	const body = await readBody(request);
	switch (name) {
		case 'POST control':
			return send(response, control(state, body));
		case 'POST reset':
			state.reset();
			return send(response, json(200, {}));
		case 'POST end-tasks':
			state.tasks.end();
			return send(response, json(200, {}));
		case 'GET requests':
			return send(response, json(200, state.requests));
		case 'GET downloads':
			return send(response, json(200, state.downloads));
		case 'GET tasks':
			return send(response, json(200, state.tasks.records()));
		case 'GET accounts':
			return send(response, json(200, state.tasks.accounts()));
		case 'GET stats':
			return send(response, json(200, stats()));
		default:
			return send(response, json(404, { error: `no such control: ${name}` }));
	}
}

function control(state: State, body: Buffer): ReturnType<typeof json> {
	try {
		state.control(parseBody(body));
		return json(200, {});
	} catch (error) {
		return json(400, { error: (error as Error).message });
	}
}
