import { choice, textOf } from '../../../shared/kling/fields';
import { refusal } from '../../../shared/kling/klingError';
import { checkShareLink } from '../../../shared/kling/files/shareLinks';
import { readRecognition, type Recognition } from '../../../shared/kling/recognition/recognition';
import { SEGMENTS } from '../../../shared/kling/recognition/segments';
import { callProvider } from '../../../shared/n8n/call';
import type { Fields } from '../../../shared/n8n/fields';
import { IMAGE } from '../../../shared/n8n/imageFields';
import { fetchedInput, imageInput, openImage, urlInput } from '../../../shared/n8n/imageInput';
import type { Input, Item, Operation } from '../../../shared/n8n/operation';
import { find, tell, type AtHand, type Found } from '../../../shared/n8n/sources';
import type { RecognitionOptions } from '../../options';
import { fields as description } from './fields';
import { branches, emit, type Requirement, type Wish } from './items';

/** Recognize Image: does a picture contain a subject, a head, a face, clothing? */
export const recognizeImage: Operation<RecognitionOptions, Recognition> = {
	name: 'recognizeImage',
	expiry: {
		output: 'segment',
		hint: 'Kling deletes the segment images after 30 days. Turn on the option Download Segment Images to keep them.',
	},
	outputs: ['image', 'segment'],
	branches,
	description,

	tell: async (fields) => await tell(fields, IMAGE),

	async read(item) {
		const { run, settings, fields, options } = item;
		const found = await find(fields, IMAGE);
		const wish: Wish = {
			...settings,
			imageUrl: 'url' in found ? found.url : null,
			requirement: settings.branchBy === 'requirement' ? readRequirement(fields, settings.first) : null,
			detectedOnly: options.detectedOnly,
		};
		return {
			input: await inputOf(item, found),
			send: async (body) =>
				await callProvider(run, {
					method: 'POST',
					path: '/v1/videos/image-recognize',
					body,
					timeoutMs: options.timeoutMs,
					read: ({ data, requestId }) => readRecognition(data, requestId),
					expected: 'recognition result',
				}),
			emit: (result, reused) => emit(result, wish, reused),
		};
	},
};

async function inputOf(item: Item<RecognitionOptions>, found: Found): Promise<Input> {
	if ('secretUrl' in found) return fetchedInput(item, found.secretUrl);
	if ('url' in found) {
		if (item.options.checkInput) checkShareLink(found.url, 'image');
		return item.options.downloadImageFirst ? fetchedInput(item, found.url) : urlInput(found.url);
	}
	return imageInput(item, await openImage(item, found as AtHand));
}

/** @param first where it is read how many of them there must be */
function readRequirement(fields: Fields, first: Fields): Requirement {
	const chosen = fields.value('requiredSegments');
	const names = (Array.isArray(chosen) ? chosen : [chosen]).map((name) => textOf(name, 'Required Segments')).filter(Boolean);
	const unknown = names.find((name) => !SEGMENTS.some((segment) => segment.name === name));
	if (names.length === 0 || unknown !== undefined) {
		const known = SEGMENTS.map(({ name }) => name).join(', ');
		throw refusal(
			unknown === undefined ? 'No required segment is chosen' : `"${unknown}" is not a segment`,
			`Choose at least one segment under Required Segments (${known}), or set Branch By to None.`,
		);
	}
	return { names, match: choice(first.value('requiredMatch'), 'Required Match', ['all', 'any']) ?? 'all' };
}
