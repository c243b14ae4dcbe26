import { refusal } from '../../../shared/kling/klingError';
import { readMediaUrl } from '../../../shared/kling/mediaUrl';
import { readRecognition, type Recognition } from '../../../shared/kling/recognition';
import { SEGMENTS } from '../../../shared/kling/segments';
import { callProvider } from '../../../shared/n8n/call';
import { fetchedInput, fileInput, urlInput } from '../../../shared/n8n/imageInput';
import type { Item, Operation } from '../../../shared/n8n/operation';
import { readText } from '../../../shared/n8n/parameters';
import type { RecognitionOptions } from '../../options';
import { fields } from './fields';
import { branches, emit } from './items';

/** Recognize Image: does a picture contain a subject, a head, a face, clothing? */
export const recognizeImage: Operation<RecognitionOptions, Recognition> = {
	name: 'recognizeImage',
	expiryHint: 'Kling deletes the segment images after 30 days. Turn on the option Download Segment Images to keep them.',
	outputs: ['image', 'segment'],
	branches,
	description: fields,

	async readInput(item) {
		const source = readText(item, 'imageSource');
		if (source !== 'url') return await fileInput(item, source);
		const url = readUrl(item);
		return item.options.downloadImageFirst ? fetchedInput(item, url) : urlInput(url);
	},

	readView(item) {
		const wish = {
			...item.settings,
			imageUrl: readText(item, 'imageSource') === 'url' ? readUrl(item) : null,
			required: item.settings.branchBy === 'requirement' ? readRequired(item) : [],
			requiredMatch: readText({ ...item, index: 0 }, 'requiredMatch') === 'any' ? ('any' as const) : ('all' as const),
			detectedOnly: item.options.detectedOnly,
		};
		return { emit: (result, reused) => emit(result, wish, reused) };
	},

	async call({ run, options }, body) {
		return await callProvider(run, {
			method: 'POST',
			path: '/v1/videos/image-recognize',
			body,
			timeoutMs: options.timeoutMs,
			read: ({ data, requestId }) => readRecognition(data, requestId),
			expected: 'recognition result',
		});
	},
};

const readUrl = (item: Item): string => readMediaUrl(readText(item, 'imageUrl'), 'image');

function readRequired({ run, index }: Item): string[] {
	const chosen = run.context.getNodeParameter('requiredSegments', index, []);
	const names = Array.isArray(chosen) ? chosen.map(String) : [String(chosen)].filter(Boolean);
	const unknown = names.find((name) => !SEGMENTS.some((segment) => segment.name === name));
	if (names.length === 0 || unknown !== undefined) {
		const known = SEGMENTS.map(({ name }) => name).join(', ');
		throw refusal(
			unknown === undefined ? 'No required segment is chosen' : `"${unknown}" is not a segment`,
			`Choose at least one segment under Required Segments (${known}), or set Branch By to None.`,
		);
	}
	return names;
}
