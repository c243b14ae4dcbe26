import { choice, requiredText } from '../../../shared/kling/fields';
import { jsonBody } from '../../../shared/kling/files/requestBody';
import {
	checkSpeechText,
	languageOf,
	readSpeech,
	readSpeed,
	speechBody,
	SPEECH_PATH,
	type Speech,
} from '../../../shared/kling/speech/speech';
import type { Language } from '../../../shared/kling/speech/voices';
import { callProvider } from '../../../shared/n8n/call';
import { smallInput } from '../../../shared/n8n/imageInput';
import type { Emission, Operation } from '../../../shared/n8n/operation';
import type { Answered } from '../../../shared/n8n/results';
import { attempt } from '../../../shared/n8n/sources';
import type { GenerationItem, GenerationOptions } from '../../options';
import { refuseFailed } from '../../tasks/fitness';
import { maybeMissing } from '../../tasks/missing';
import { fields as description } from './fields';

/** The JSON of speech. */
export interface SpeechItem {
	operation: string;
	audioUrl: string;
	audioId: string | null;
	/** Seconds. */
	duration: number | null;
	requestId: string | null;
	unitsDeducted: number | null;
	balanceDeducted: number | null;
	/** Whether it was made for an identical item, and cost nothing here. */
	reused: boolean;
}

/** Text to Speech: what Lip-Sync and Talking Avatar let somebody say. The answer comes at once. */
export const textToSpeech: Operation<GenerationOptions, Speech> = {
	name: 'textToSpeech',
	outputs: ['speech'],
	branches: {},
	description,

	tell: async (fields) => ({ text: attempt(() => fields.text('text', '')) }),

	async read(item) {
		refuseFailed(item);
		const { options } = item;
		const body = jsonBody(speechBody(readWish(item)));
		return {
			input: smallInput(body),
			send: async (bytes) => await speak(item, bytes),
			emit: (speech, reused) => [emit(speech, reused, options)],
		};
	},
};

async function speak(item: GenerationItem, body: Buffer): Promise<Answered<Speech>> {
	try {
		return await callProvider(item.run, {
			method: 'POST',
			path: SPEECH_PATH,
			body,
			timeoutMs: item.options.timeoutMs,
			read: ({ data, requestId }) => readSpeech(data, requestId),
			expected: 'audio',
		});
	} catch (error) {
		throw maybeMissing(error, item, 'Text to Speech');
	}
}

function readWish({ fields, options }: GenerationItem) {
	const text = requiredText(fields.value('text'), 'Text', 'Enter in Text what is to be spoken.');
	const voiceId = requiredText(fields.chosen('voice'), 'Voice', 'Choose a voice from the list, or enter its ID.');
	const wanted = choice(fields.value('voiceLanguage'), 'Voice Language', ['auto', 'en', 'zh']) ?? 'auto';
	const language: Language = languageOf(voiceId, text, wanted === 'auto' ? null : wanted);
	if (options.checkInput) checkSpeechText(text);
	return { text, voiceId, language, speed: readSpeed(options.values.speed) };
}

function emit(speech: Speech, reused: boolean, { outputPropertyName }: GenerationOptions): Emission {
	const { audioUrl, audioId, duration, requestId, unitsDeducted, balanceDeducted } = speech;
	const cost = reused ? { unitsDeducted: 0, balanceDeducted: 0 } : { unitsDeducted, balanceDeducted };
	const json = { operation: 'textToSpeech', audioUrl, audioId, duration, requestId, ...cost, reused } satisfies SpeechItem;
	const name = outputPropertyName ?? 'audio';
	return { branch: 'none', json, sources: [], files: [{ name, url: audioUrl, kind: 'audio', fileName: 'speech' }] };
}
