import { readCost } from '../answers/cost';
import { numberIn } from '../fields';
import { refusal } from '../klingError';
import { readNumber, readObject, readText, type JsonObject } from '../values';
import { LANGUAGES, VOICES, type Language } from './voices';

/** Where speech is made, after the base URL. Source of all here: Kling's API reference, "Text to Speech". */
export const SPEECH_PATH = '/v1/audio/tts';

const LONGEST_TEXT = 1000;

/** Reads the text that is to be spoken. @throws KlingError where it is empty, or too long */
export function checkSpeechText(text: string): void {
	const characters = [...text].length;
	if (characters > LONGEST_TEXT) {
		throw refusal(
			`Text is too long: ${characters} characters, at most ${LONGEST_TEXT}`,
			'Shorten Text, or make an item of each part.',
		);
	}
}

/** Reads how fast a voice speaks. @returns null where it was not set @throws KlingError where it is no such number */
export function readSpeed(value: unknown): number | null {
	const speed = numberIn(value, 'Speed', [0.8, 2]);
	if (speed !== null && Number(speed.toFixed(1)) !== speed) {
		throw refusal(`Speed is ${speed}, it has one decimal at most`, `Set Speed to ${speed.toFixed(1)}.`);
	}
	return speed;
}

/**
 * The language that a voice speaks a text in.
 * @param wanted null: that of the voice; one that speaks both, or is not known, speaks Chinese where the text has Chinese characters
 * @throws KlingError where the voice does not speak the one that is wanted
 */
export function languageOf(voiceId: string, text: string, wanted: Language | null): Language {
	const voice = VOICES.find(({ id }) => id === voiceId);
	if (voice && wanted !== null && !voice.languages.includes(wanted)) {
		const label = LANGUAGES.find(({ value }) => value === wanted)!.label;
		throw refusal(`The voice ${voice.name} does not speak ${label}`, 'Set Voice Language to Automatic, or choose another Voice.');
	}
	const [only, other] = voice?.languages ?? [];
	if (wanted !== null || (only && !other)) return wanted ?? only!;
	return /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
}

/** What is to be spoken, and how; null: not set. */
export interface SpeechWish {
	text: string;
	voiceId: string;
	language: Language;
	speed: number | null;
}

/** The body of a call. */
export function speechBody({ text, voiceId, language, speed }: SpeechWish): JsonObject {
	return { text, voice_id: voiceId, voice_language: language, ...(speed === null ? {} : { voice_speed: speed }) };
}

/** Speech that was made; null where the provider did not say. */
export interface Speech {
	audioUrl: string;
	audioId: string | null;
	/** Seconds. */
	duration: number | null;
	requestId: string | null;
	unitsDeducted: number | null;
	balanceDeducted: number | null;
}

/** Reads the data of an answer. @returns null where it has no audio */
export function readSpeech(data: JsonObject, requestId: string | null): Speech | null {
	const audios = readObject(data.task_result)?.audios;
	const audio = [audios]
		.flat()
		.map(readObject)
		.find((entry) => readText(entry?.url) !== null);
	if (!audio) return null;
	return {
		audioUrl: readText(audio.url)!,
		audioId: readText(audio.id),
		duration: readNumber(audio.duration),
		requestId,
		...readCost(data),
	};
}
