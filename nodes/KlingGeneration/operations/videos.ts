import type { INodeProperties } from 'n8n-workflow';

import { optionalFlag } from '../../shared/kling/fields';
import { checkModelUse, checkNotRetired } from '../../shared/kling/tasks/models';
import { videoBody, type VideoTask } from '../../shared/kling/tasks/taskBodies';
import { DEFAULT_DURATION, readCfgScale, readDuration, readPrompt } from '../../shared/kling/tasks/taskFields';
import { routeOf } from '../../shared/kling/tasks/taskRoutes';
import type { GenerationItem } from '../options';
import { base64Bytes, fetchedOf } from '../tasks/mediaFile';
import type { Picture } from '../tasks/picture';
import type { TaskRequest } from '../tasks/taskInput';
import { modeField, readMode } from './modeField';
import { checkReach, readModel, videoModelField } from './modelField';

const VIDEO_MODES = ['std', 'pro', '4k'] as const;

/** What every operation asks for that makes a video with a model of choice. @param prompt what the prompt is like there */
export const videoFields = (prompt: Pick<INodeProperties, 'description' | 'placeholder' | 'required'>): INodeProperties[] => [
	{ displayName: 'Prompt', name: 'prompt', type: 'string', typeOptions: { rows: 3 }, default: '', ...prompt },
	videoModelField,
	{
		displayName: 'Duration',
		name: 'duration',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: DEFAULT_DURATION,
		description: 'How many seconds the video lasts: 5 or 10, with Kling 3.0 from 3 to 15',
	},
	modeField(VIDEO_MODES),
];

/** The pictures of a video, and its form where no picture gives it. */
export interface VideoPictures {
	image: Picture | null;
	lastFrame: Picture | null;
	aspectRatio: string | null;
}

/** The model of an item, fit for its account. @throws KlingError where there is none, or the account cannot reach it */
export function readVideoModel({ fields, options, run }: GenerationItem): string {
	const model = readModel(fields);
	if (options.checkInput) checkNotRetired(model);
	checkReach(model, run.connection);
	return model;
}

/** What an item wants to have made of these, with the other fields that it has. @throws KlingError where it would be refused */
export function readVideo(
	item: GenerationItem,
	operation: 'imageToVideo' | 'textToVideo',
	{ image, lastFrame, aspectRatio }: VideoPictures,
): TaskRequest {
	const { fields, options } = item;
	const { values, watermark } = options;
	const model = readVideoModel(item);
	const audio = optionalFlag(values.generateAudio, 'Generate Audio');
	const task: VideoTask = {
		model,
		image: image && image.media,
		lastFrame: lastFrame && lastFrame.media,
		prompt: readPrompt(fields.value('prompt'), 'Prompt', Infinity),
		negativePrompt: readPrompt(values.negativePrompt, 'Negative Prompt'),
		duration: readDuration(fields.value('duration')),
		mode: readMode(fields, VIDEO_MODES),
		aspectRatio,
		cfgScale: readCfgScale(values.cfgScale),
		audio: audio ?? false,
		watermark,
	};
	if (options.checkInput) {
		const legacyOnly = [task.negativePrompt !== null && 'Negative Prompt', task.cfgScale !== null && 'CFG Scale'];
		checkModelUse(model, {
			...task,
			audio,
			hasImage: image !== null,
			lastFrame: lastFrame !== null,
			legacyOnly: legacyOnly.filter((label) => label !== false),
		});
	}
	const media = [image, lastFrame].flatMap((picture) => (picture ? [picture.media] : []));
	return {
		route: routeOf(operation, model),
		counted: model,
		base64Bytes: media.reduce((sum, one) => sum + base64Bytes(one), 0),
		fetched: fetchedOf(...media),
		fields: async () => videoBody(task),
		imageUrl: image?.url ?? null,
		fileName: image?.fileName ?? null,
	};
}
