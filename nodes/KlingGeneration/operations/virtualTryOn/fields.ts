import { updateDisplayOptions, type INodeProperties, type INodePropertyOptions } from 'n8n-workflow';

import { IMAGE_LIMITS } from '../../../shared/n8n/imageFields';
import { fileField, ofWorkflowAndTool, priceNotice, sourceField } from '../../../shared/n8n/panel';
import { tryOnModelField } from '../modelField';
import { CLOTH, HUMAN, type PictureRow } from './pictures';

function pictureFields({ choice, url, file, what, auto, preset: { source, url: urlPreset } }: PictureRow): INodeProperties[] {
	const fromItem: INodePropertyOptions = {
		name: 'From Item',
		value: 'auto',
		description: 'The first image file of the input item, or else the URL in its field imageUrl',
	};
	return [
		...sourceField(choice, `Where the image of ${what} comes from`, source, [
			...(auto.length > 0 ? [fromItem] : []),
			{ name: 'URL', value: 'url', description: 'The provider fetches the image from a public URL' },
			{
				name: 'Binary File',
				value: 'binary',
				description: 'The image comes from a binary field of this item or, by an expression, of another',
			},
		]),
		...ofWorkflowAndTool({
			displayName: url.label,
			name: url.name,
			type: 'string',
			displayOptions: { show: { [choice.name]: ['url'] } },
			default: urlPreset,
			required: true,
			placeholder: 'e.g. https://example.com/photo.jpg',
			description: `Public http or https URL of a JPEG or PNG image of ${what}: ${IMAGE_LIMITS}`,
		}),
		fileField(file, choice.name, `the image of ${what}`, `JPEG or PNG image of ${what}: ${IMAGE_LIMITS}`),
	];
}

/** What Virtual Try-On asks for, beside options. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['virtualTryOn'] } }, [
	priceNotice('virtualTryOn', 'Each run makes a new image.'),
	...pictureFields(HUMAN),
	...pictureFields(CLOTH),
	tryOnModelField,
]);
