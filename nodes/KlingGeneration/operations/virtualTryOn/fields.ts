import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { IMAGE_LIMITS } from '../../../shared/n8n/imageFields';
import { tryOnModelField } from '../modelField';

export interface Picture {
	/** What the names of the fields begin with. */
	name: 'human' | 'cloth';
	label: string;
	what: string;
	urlDefault: string;
	fieldDefault: string;
}

/** The two pictures of Virtual Try-On, one row each. */
export const PICTURES: readonly Picture[] = [
	{ name: 'human', label: 'Person', what: 'the person', urlDefault: '', fieldDefault: 'human' },
	{ name: 'cloth', label: 'Clothing', what: 'the clothing', urlDefault: '={{ $json.imageUrl }}', fieldDefault: 'data' },
];

function pictureFields({ name, label, what, urlDefault, fieldDefault }: Picture): INodeProperties[] {
	const source = `${name}Source`;
	return [
		{
			displayName: `${label} Source`,
			name: source,
			type: 'options',
			options: [
				{ name: 'Binary File', value: 'binary', description: 'The image comes from a binary field of the input item' },
				{ name: 'URL', value: 'url', description: 'The provider fetches the image from a public URL' },
			],
			default: 'url',
			description: `Where the image of ${what} comes from`,
		},
		{
			displayName: `${label} URL`,
			name: `${name}Url`,
			type: 'string',
			displayOptions: { show: { [source]: ['url'] } },
			default: urlDefault,
			required: true,
			placeholder: `e.g. https://example.com/${name}.jpg`,
			description: `Public http or https URL of a JPEG or PNG image of ${what}: ${IMAGE_LIMITS}`,
		},
		{
			displayName: `${label} Field Name`,
			name: `${name}PropertyName`,
			type: 'string',
			displayOptions: { show: { [source]: ['binary'] } },
			default: fieldDefault,
			required: true,
			placeholder: `e.g. ${fieldDefault}`,
			hint: `The name of the input field that contains the image of ${what}`,
			description: `JPEG or PNG image of ${what}: ${IMAGE_LIMITS}`,
		},
	];
}

/** What Virtual Try-On asks for, beside options. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['virtualTryOn'] } }, [
	...PICTURES.flatMap(pictureFields),
	tryOnModelField,
]);
