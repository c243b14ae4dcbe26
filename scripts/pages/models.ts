import { LANGUAGES, VOICES } from '../../nodes/shared/kling/speech/voices';
import {
	alwaysMakesAudio,
	durationsOf,
	isNewer,
	modeLabel,
	modesOf,
	TRY_ON_ANNOUNCED,
	TRY_ON_MODELS,
	VIDEO_MODELS,
	type Mode,
	type VideoModel,
} from '../../nodes/shared/kling/tasks/models';
import { table } from '../../test/bench/markdown';

const listed = (modes: readonly Mode[], all: readonly Mode[]): string =>
	modes.length === 0 ? 'no' : modes.length === all.length ? 'yes' : modes.map(modeLabel).join(', ');
const named = ({ name, label }: { name: string; label: string }): string => `${label}, \`${name}\``;
const keyOf = (model: string): string => (isNewer(model) ? 'API key of Kling itself' : 'any');

/** Writes the page of what each model takes, and of the voices. @returns its text */
export const modelsPage = (): string => `# Models and voices

Written by \`npm run models\` from the tables that the nodes go by. For prices, see [Costs](costs.md).

## Image to Video and Text to Video

The list in the node has the models below. You can also enter the ID of another model.

A model ID with a dot between digits, such as \`kling-3.0\`, belongs to Kling's newer API. It needs an API key of Kling itself, not an access key, and no gateway
is known to have it. These models have no negative prompt and no CFG scale, and take images up to 50 MB.

${table(['Model', 'Key', 'Duration', 'Modes', 'Audio', 'Last frame', 'Prompt', 'Characters at most'], VIDEO_MODELS.map(videoRow))}

## Virtual Try-On

${table(['Model', 'Key', 'Images', 'Switches'], TRY_ON_MODELS.map(tryOnRow))}

${TRY_ON_ANNOUNCED}

## Voices of Text to Speech

${table(['Voice', 'ID', 'Languages'], VOICES.map(voiceRow))}
`;

function videoRow(model: VideoModel): string[] {
	return [
		named(model),
		keyOf(model.name),
		`${durationsOf(model)} s`,
		modesOf(model).map(modeLabel).join(', '),
		alwaysMakesAudio(model) ? 'always' : listed(modesOf(model, 'audio'), modesOf(model)),
		lastFrameOf(model),
		isNewer(model.name) ? 'required' : 'optional',
		[...new Set(model.longestPrompts)].join(', text to video '),
	];
}

function lastFrameOf(model: VideoModel): string {
	const { lastFrameModes, lastFrameWithAudio } = model;
	const isEitherOr = !lastFrameWithAudio && lastFrameModes.length > 0 && modesOf(model, 'audio').length > 0;
	return `${listed(lastFrameModes, modesOf(model))}${isEitherOr ? ', without audio' : ''}`;
}

function tryOnRow(model: (typeof TRY_ON_MODELS)[number]): string[] {
	const [images, switches] = isNewer(model.name) ? ['URLs', 'Keep Face, Keep Pose, Keep Background'] : ['URLs and files', '-'];
	return [named(model), keyOf(model.name), images, switches];
}

function voiceRow({ id, name, languages }: (typeof VOICES)[number]): string[] {
	const spoken = LANGUAGES.filter(({ value }) => languages.includes(value));
	return [name, `\`${id}\``, spoken.map(({ label }) => label).join(', ')];
}
