import { refuse } from '../answers';
import type { Call } from '../call';
import { checkImage } from '../images';
import { checkSampleBehind } from '../recognize';
import { checkBoolean, object, only, text, word, type Fields } from './fields';
import { ASPECT_RATIOS, NEWER_MODELS, type NewerModel } from './models';

const MOST_IMAGE_BYTES = 50 * 1024 * 1024;

/** What a create in the newer form makes, once it was checked. */
export interface Checked {
	/** The model whose slots it takes. */
	model: string;
	units: number;
	/** The texts and pictures stand here, too. */
	options: Fields;
}

/** Checks a create of a video. @param hasPictures whether it begins with one @throws Refusal */
export async function checkNewerVideo(call: Call, name: string, hasPictures: boolean): Promise<Checked> {
	const { body } = call;
	const model = NEWER_MODELS.find((row) => row.name === name) ?? refuse(`model '${name}' is invalid`);
	only(body, [hasPictures ? 'contents' : 'prompt', 'settings', 'options']);
	const hasLastFrame = hasPictures ? await checkContents(call, model) : checkPrompt(body, 'prompt', model.prompts[1]);
	const settings = object(body, 'settings');
	only(settings, settingsOf(model, hasPictures), 'settings.');
	const resolution = word(settings, 'resolution', model.resolutions, '720p');
	const duration = settings.duration ?? 5;
	if (!model.durations.includes(duration as number)) refuse(`settings.duration value '${String(duration)}' is invalid`);
	word(settings, 'aspect_ratio', ASPECT_RATIOS, '16:9');
	checkBoolean(settings, 'multi_shot');
	const audio = model.audio.length > 0 ? word(settings, 'audio', model.audio, 'off') : 'off';
	if (audio === 'native' && !model.audioAt.includes(resolution)) refuse(`audio is not supported at ${resolution}`);
	if (hasLastFrame && !model.lastFrameAt.includes(resolution)) refuse(`last_frame is not supported at ${resolution}`);
	return { model: name, units: 0.3 * Number(duration), options: optionsOf(body, 'watermark_info') };
}

function settingsOf({ audio, multiShot }: NewerModel, hasPictures: boolean): string[] {
	return [
		'resolution',
		'duration',
		...(audio.length > 0 ? ['audio'] : []),
		...(multiShot ? ['multi_shot'] : []),
		...(hasPictures ? [] : ['aspect_ratio']),
	];
}

/** @returns whether there is a last frame */
async function checkContents(call: Call, model: NewerModel): Promise<boolean> {
	const contents = listOf(call.body);
	const of = (type: string): Fields | undefined => contents.find((content) => content.type === type);
	for (const content of contents) {
		const isPrompt = word(content, 'type', ['prompt', 'first_frame', 'last_frame'], 'prompt') === 'prompt';
		only(content, ['type', isPrompt ? 'text' : 'url'], 'contents.');
		if (isPrompt) checkPrompt(content, 'text', model.prompts[0]);
		else await checkSampleBehind(await checkImage(content.url, String(content.type), call.decoded, MOST_IMAGE_BYTES));
	}
	if (!of('prompt')) refuse('contents must have a prompt');
	if (!of('first_frame')) refuse('contents must have a first_frame');
	return of('last_frame') !== undefined;
}

function listOf({ contents }: Fields): Fields[] {
	if (!Array.isArray(contents) || contents.length === 0) refuse('contents must be a list');
	return contents as Fields[];
}

function checkPrompt(fields: Fields, name: string, most: number): false {
	if (!text(fields, name, most).trim()) refuse(`${name} cannot be empty`);
	return false;
}

/** Checks a create of a try-on. @throws Refusal */
export async function checkNewerTryOn(call: Call): Promise<Checked> {
	const { body } = call;
	only(body, ['contents', 'settings', 'options']);
	const contents = listOf(body);
	for (const type of ['product_image', 'person_image']) {
		const { url } = contents.find((content) => content.type === type) ?? refuse(`contents must have a ${type}`);
		if (!/^https?:\/\//i.test(String(url))) refuse(`${type} must be a URL`);
		await checkSampleBehind(await checkImage(url, type, call.decoded));
	}
	const settings = object(body, 'settings');
	only(settings, ['keep_face', 'keep_pose', 'keep_background'], 'settings.');
	for (const name of Object.keys(settings)) checkBoolean(settings, name);
	return { model: 'virtual-try-on-3.0', units: 0.5, options: optionsOf(body, 'watermark') };
}

/** The options, with what both forms call the watermark. */
function optionsOf(body: Fields, watermark: string): Fields {
	const options = object(body, 'options');
	only(options, ['external_task_id', 'callback_url', watermark], 'options.');
	const { [watermark]: mark, ...others } = options;
	return { ...others, watermark_info: mark };
}
