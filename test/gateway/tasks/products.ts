import { refuse } from '../answers';
import type { Call } from '../call';
import { checkImage } from '../images';
import { checkSampleBehind } from '../recognize';
import type { ProductName } from '../types';
import { checkNumber, isFilled, text, word } from './fields';
import { checkLipSync } from './lipSync';
import { ASPECT_RATIOS, RETIRED_MODELS, TRY_ON_MODELS, VIDEO_MODELS, type VideoModel } from './models';
import { checkSound } from './sounds';

/** What can be made, and the routes for it. */
export interface Product {
	name: ProductName;
	path: string;
	makes: 'video' | 'image';
	/** What one costs: a round figure for a clip of five seconds. */
	units: number;
	/** Whether a query takes an external id in place of the task's. */
	queryByExternalId: boolean;
	/** Checks a create's own fields. @throws Refusal */
	check: (call: Call) => Promise<void> | void;
	/** The model whose slots it takes; absent: it has none to choose. */
	model?: (call: Call) => string;
}

export const PRODUCTS: Product[] = [
	{
		name: 'lipSync',
		path: '/v1/videos/advanced-lip-sync',
		makes: 'video',
		units: 0.5,
		queryByExternalId: false,
		check: checkLipSync,
	},
	{
		name: 'avatar',
		path: '/v1/videos/avatar/image2video',
		makes: 'video',
		units: 2,
		queryByExternalId: true,
		check: checkAvatar,
	},
	{
		name: 'imageToVideo',
		path: '/v1/videos/image2video',
		makes: 'video',
		units: 1.5,
		queryByExternalId: true,
		check: checkImageToVideo,
		model: ({ body }) => modelName(body, 'kling-v1'),
	},
	{
		name: 'textToVideo',
		path: '/v1/videos/text2video',
		makes: 'video',
		units: 1.5,
		queryByExternalId: true,
		check: checkTextToVideo,
		model: ({ body }) => modelName(body, 'kling-v1'),
	},
	{
		name: 'virtualTryOn',
		path: '/v1/images/kolors-virtual-try-on',
		makes: 'image',
		units: 0.5,
		queryByExternalId: true,
		check: checkTryOn,
		model: ({ body }) => modelName(body, 'kolors-virtual-try-on-v1'),
	},
];

/** The row of this name. */
export const productOf = (name: ProductName): Product => PRODUCTS.find((product) => product.name === name)!;

const LONGEST_PROMPT = 2500;
const LONGEST_AVATAR_MS = 300_000;

/** Kling puts its oldest model where none is named. */
const modelName = (body: Call['body'], usual: string): string => text(body, 'model_name') || usual;

async function checkPicture(call: Call, name: string): Promise<void> {
	await checkSampleBehind(await checkImage(call.body[name], name, call.decoded));
}

async function checkAvatar(call: Call): Promise<void> {
	await checkPicture(call, 'image');
	checkSound(call.body, call, LONGEST_AVATAR_MS);
	const prompt = text(call.body, 'prompt', LONGEST_PROMPT);
	if (!prompt && call.provider.avatarNeedsPrompt) refuse('prompt is required');
	word(call.body, 'mode', ['std', 'pro'], 'std');
}

async function checkImageToVideo(call: Call): Promise<void> {
	const { body } = call;
	const model = videoModel(body);
	const pictures = ['image', 'image_tail'].filter((name) => isFilled(body[name]));
	if (pictures.length === 0) refuse('image and image_tail cannot both be empty');
	for (const name of pictures) await checkPicture(call, name);
	if (isFilled(body.image_tail) && !model.lastFrameModes.includes(text(body, 'mode') || 'std'))
		refuse(`image_tail is not supported by ${model.name} in this mode`);
	checkVideo(body, model);
}

function checkTextToVideo({ body }: Call): void {
	if (!text(body, 'prompt', LONGEST_PROMPT).trim()) refuse('prompt cannot be empty');
	word(body, 'aspect_ratio', ASPECT_RATIOS, '16:9');
	checkVideo(body, videoModel(body));
}

/** What both kinds of video have. */
function checkVideo(body: Call['body'], model: VideoModel): void {
	text(body, 'prompt', LONGEST_PROMPT);
	text(body, 'negative_prompt', LONGEST_PROMPT);
	word(body, 'duration', model.durations, '5');
	word(body, 'mode', model.modes, 'std');
	word(body, 'sound', model.sound ? ['on', 'off'] : ['off'], 'off');
	checkNumber(body, 'cfg_scale', 0, 1);
}

function videoModel(body: Call['body']) {
	const name = modelName(body, 'kling-v1');
	if (RETIRED_MODELS.includes(name)) refuse(`model_name ${name} is discontinued`);
	return VIDEO_MODELS.find((model) => model.name === name) ?? refuse(`model_name value '${name}' is invalid`);
}

async function checkTryOn(call: Call): Promise<void> {
	word(call.body, 'model_name', TRY_ON_MODELS, 'kolors-virtual-try-on-v1');
	await checkPicture(call, 'human_image');
	await checkPicture(call, 'cloth_image');
}
