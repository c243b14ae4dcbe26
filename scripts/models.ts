import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { PRICES, UNIT_USD } from '../nodes/shared/kling/prices';
import { LANGUAGES, VOICES } from '../nodes/shared/kling/speech/voices';
import {
	alwaysMakesAudio,
	durationsOf,
	isNewer,
	MODES,
	modesOf,
	TRY_ON_ANNOUNCED,
	TRY_ON_MODELS,
	VIDEO_MODELS,
	type Mode,
	type VideoModel,
} from '../nodes/shared/kling/tasks/models';
import { table } from '../test/bench/markdown';
import { formatted } from '../test/trust/support/markdown';

/** Where the page is kept. */
export const MODELS_PAGE = join(__dirname, '..', 'docs', 'models.md');

/** The other mode of Talking Avatar, of which the node names no price. Source: as that of `PRICES`. */
const AVATAR_IN_PRO = { what: 'a second in Professional mode', units: 0.8 };

const dollars = (units: number): string => `${Number((units * UNIT_USD).toFixed(3))}`;
const labelOf = (mode: Mode): string => MODES.find(({ name }) => name === mode)!.label;
const listed = (modes: readonly Mode[], all: readonly Mode[]): string =>
	modes.length === 0 ? 'no' : modes.length === all.length ? 'yes' : modes.map(labelOf).join(', ');

function audioOf(model: VideoModel): string {
	return alwaysMakesAudio(model) ? 'always' : listed(modesOf(model, 'audio'), modesOf(model));
}

function costOf({ units }: VideoModel, mode: Mode): string {
	const { silent, audio } = units[mode] ?? {};
	return [silent, audio].map((one) => (one === undefined ? '-' : dollars(one))).join(' / ');
}

/** Writes the page of the models from the tables that the nodes go by. @returns its text */
export function modelsPage(): string {
	const models = VIDEO_MODELS.map((model) => [
		`${model.label}, \`${model.name}\``,
		isNewer(model.name) ? 'API key of Kling itself' : 'any',
		`${durationsOf(model)} s`,
		modesOf(model).map(labelOf).join(', '),
		audioOf(model),
		listed(model.lastFrameModes, modesOf(model)) +
			(model.lastFrameWithAudio || model.lastFrameModes.length === 0 || modesOf(model, 'audio').length === 0
				? ''
				: ', without audio'),
		isNewer(model.name) ? 'required' : 'optional',
		[...new Set(model.longestPrompts)].join(', text to video '),
	]);
	const costs = VIDEO_MODELS.map((model) => [model.label, ...MODES.map(({ name }) => costOf(model, name))]);
	const tryOns = TRY_ON_MODELS.map(({ name, label }) => [
		`${label}, \`${name}\``,
		isNewer(name) ? 'API key of Kling itself' : 'any',
		isNewer(name) ? 'URLs' : 'URLs and files',
		isNewer(name) ? 'Keep Face, Keep Pose, Keep Background' : '-',
		isNewer(name) ? 'not known' : `${dollars(PRICES.virtualTryOn.units)} for an image`,
	]);
	const others = [
		['Recognize Image', PRICES.recognizeImage],
		['Identify Face', PRICES.identifyFace],
		['Lip-Sync', PRICES.lipSync],
		['Talking Avatar', PRICES.avatar],
		['Talking Avatar', AVATAR_IN_PRO],
		['Text to Speech', PRICES.textToSpeech],
	] as const;
	const voices = VOICES.map(({ id, name, languages }) => [
		name,
		`\`${id}\``,
		LANGUAGES.filter(({ value }) => languages.includes(value))
			.map(({ label }) => label)
			.join(', '),
	]);
	const page = `# Models, voices and prices

Written by \`npm run models\` from the tables that the nodes go by. Prices are those of Kling itself (list of 2026-09-20, in US dollars); gateways have
their own.

## Image to Video and Text to Video

An ID with a dot between digits is of Kling's newer form, which takes API keys of Kling itself, no access keys; no gateway is known to resell it. The
list in the node has the models below; any other ID can be typed, and goes by the form that it has. Models of the newer form take no negative prompt and no
CFG scale, and pictures up to 50 MB.

${table(['Model', 'Key', 'Duration', 'Modes', 'Audio', 'Last frame', 'Prompt', 'Characters at most'], models)}

Cost of a second, without audio / with it:

${table(['Model', ...MODES.map(({ label }) => label)], costs)}

## Virtual Try-On

${table(['Model', 'Key', 'Pictures', 'Switches', 'Cost'], tryOns)}

${TRY_ON_ANNOUNCED}

## Other operations

${table(
	['Operation', 'Cost'],
	others.map(([label, { what, units }]) => [label, `${dollars(units)} for ${what}`]),
)}

## Voices of Text to Speech

${table(['Voice', 'ID', 'Languages'], voices)}
`;
	return formatted(page, MODELS_PAGE);
}

if (require.main === module) writeFileSync(MODELS_PAGE, modelsPage());
