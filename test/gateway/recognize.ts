import { randomUUID } from 'node:crypto';
import { IMAGE_SAMPLES, sampleBytes } from '../samples/manifest';
import { json, type Answer } from './answers';
import { deduction, PRICES } from './billing';
import { issue, shapeOf, type ApiRoute, type Call } from './call';
import { checkImage, checkLimits, type CheckedImage } from './images';
import { SEGMENTS, fileName, flagsOf } from './scripts';
import type { Segment } from './types';

/** `POST /v1/videos/image-recognize`. */
export const recognizeRoute: ApiRoute = {
	route: 'recognize',
	method: 'POST',
	path: /^\/v1\/videos\/image-recognize$/,
	handle: recognize,
};

const GATEWAY_ORDER: Segment[] = ['head', 'face', 'cloth', 'object'];

async function recognize(call: Call): Promise<Answer> {
	const image = await checkImage(call.body.image, 'image', call.decoded);
	await checkSampleBehind(image);
	const flags = flagsOf(image, call.state);
	return shapeOf(call) === 'kling' ? asKling(call, flags) : asGateway(flags);
}

/** A provider fetches a URL and sees what is behind it; of our own samples, so does the gateway. @throws Refusal */
export async function checkSampleBehind(image: CheckedImage): Promise<void> {
	const file = 'url' in image ? fileName(image.url) : '';
	if (!IMAGE_SAMPLES.some((sample) => sample.file === file)) return;
	const bytes = sampleBytes(file);
	await checkLimits(bytes, bytes.length);
}

function asKling(call: Call, flags: Segment[]): Answer {
	const id = randomUUID();
	const images = SEGMENTS.map((segment) => ({
		type: `${segment}_seg`,
		is_contain: flags.includes(segment),
		...(flags.includes(segment) && { url: issue(call, `/${id}/${segment}_seg.png`) }),
	}));
	return json(200, {
		code: 0,
		message: 'SUCCEED',
		request_id: id,
		data: { ...deduction(PRICES.recognition, call.state.settings.billing), task_result: { images } },
	});
}

function asGateway(flags: Segment[]): Answer {
	const images = GATEWAY_ORDER.map((segment) => ({ type: `${segment}_seg`, is_contain: flags.includes(segment) }));
	return json(200, { code: 0, message: 'SUCCEED', data: { task_result: { images } } });
}
