import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { DEFAULT_VOICE, LANGUAGES, VOICES, type Voice } from '../../../shared/kling/speech/voices';
import { priceNotice } from '../../../shared/n8n/panel';
import { pickerField, searchIn } from '../pickerField';

const spoken = ({ languages }: Voice): string =>
	LANGUAGES.filter(({ value }) => languages.includes(value))
		.map(({ label }) => label)
		.join(', ');

const PICKED = VOICES.map((voice) => ({ id: voice.id, label: `${voice.name}, ${spoken(voice)}` }));

/** The list of voices, by name and language. */
export const voiceSearches = { searchVoices: searchIn(PICKED) };

/** What Text to Speech asks for, beside options. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['textToSpeech'] } }, [
	priceNotice('textToSpeech', 'The answer comes at once; identical texts are paid for once.'),
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		placeholder: 'e.g. Welcome to our shop! Here is what is new today.',
		description: 'What is spoken, at most 1000 characters',
	},
	pickerField(
		{
			label: 'Voice',
			name: 'voice',
			description: 'Who speaks. The list can be searched by name and language; other voices can be given by their ID.',
		},
		PICKED,
		DEFAULT_VOICE,
		'searchVoices',
	),
	{
		displayName: 'Voice Language',
		name: 'voiceLanguage',
		type: 'options',
		options: [
			{
				name: 'Automatic',
				value: 'auto',
				description: "The voice's own. One that speaks both speaks Chinese where the text has Chinese characters, else English.",
			},
			...LANGUAGES.map(({ value, label }) => ({ name: label, value })),
		],
		default: 'auto',
		description: 'In which language the text is spoken',
	},
]);
