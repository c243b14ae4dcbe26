import { request } from 'undici';

import { KEYS, startGateway } from '../../test/gateway';

/** Two lines of a code block: a route, and the body as n8n's expression. */
const EXAMPLE = /^POST (\/v1\/\S+)\n=\{\{ (.+) \}\}$/gm;
const IMAGE = 'https://images.kling-samples.test/samples/portrait.jpg';
const VIDEO = 'https://videos.kling-samples.test/samples/two-faces.mp4';
const FEWEST = 4;

/** The page that shows requests. */
export const REQUESTS_PAGE = 'docs/http-requests.md';

/** Builds the requests that the page shows, as n8n would, from real results, and checks that the local gateway takes them. */
export async function checkExpressions(text: string): Promise<string[]> {
	const examples = [...text.matchAll(EXAMPLE)];
	if (examples.length < FEWEST) return [`${REQUESTS_PAGE} shows ${examples.length} requests, at least ${FEWEST} expected`];
	const gateway = await startGateway({ tls: false });
	try {
		const item = { imageUrl: IMAGE, ...(await faceItem(gateway.url)), ...(await speechItem(gateway.url)) };
		const checked = examples.map(async ([, route, expression]) => {
			if (expression!.includes('}}')) return `${REQUESTS_PAGE}: two closing braces end the expression for ${route} too early`;
			const evaluate = new Function('$json', `return ${expression}`) as (json: object) => string;
			const { status, answer } = await post(gateway.url, route!, evaluate(item));
			return status === 200 ? '' : `${REQUESTS_PAGE}: the request to ${route} is refused: ${JSON.stringify(answer)}`;
		});
		return (await Promise.all(checked)).filter(Boolean);
	} finally {
		await gateway.close();
	}
}

interface Identified {
	session_id: string;
	face_data: Array<{ face_id: string; start_time: number; end_time: number }>;
}

/** The fields of a face's item that the node would put out. */
async function faceItem(url: string): Promise<object> {
	const { answer } = await post(url, '/v1/videos/identify-face', JSON.stringify({ video_url: VIDEO }));
	const { session_id: sessionId, face_data: faces } = (answer as { data: Identified }).data;
	const { face_id: faceId, start_time: startTime, end_time: endTime } = faces[0]!;
	return { sessionId, faceId, startTime, endTime };
}

/** The fields of a speech's item that the node would put out: its `duration` is in seconds. */
async function speechItem(url: string): Promise<object> {
	const speech = { text: 'Welcome to the shop', voice_id: 'AOT', voice_language: 'en' };
	const { answer } = await post(url, '/v1/audio/tts', JSON.stringify(speech));
	const [audio] = (answer as { data: { task_result: { audios: Array<{ url: string; duration: string }> } } }).data.task_result
		.audios;
	return { audioUrl: audio!.url, duration: Number(audio!.duration) };
}

async function post(url: string, route: string, body: string): Promise<{ status: number; answer: unknown }> {
	const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEYS.custom}` };
	const response = await request(url + route, { method: 'POST', headers, body });
	return { status: response.statusCode, answer: await response.body.json() };
}
