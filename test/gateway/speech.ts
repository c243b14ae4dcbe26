import { randomUUID } from 'node:crypto';
import { json, refuse, type Answer } from './answers';
import { deduction, PRICES } from './billing';
import { issue, type ApiRoute, type Call } from './call';
import { checkNumber, only, text, word } from './tasks/fields';
import { VOICES } from './voices';

/** `POST /v1/audio/tts`. */
export const speechRoute: ApiRoute = {
	route: 'speech',
	method: 'POST',
	path: /^\/v1\/audio\/tts$/,
	at: ({ hasSpeech }) => hasSpeech,
	handle: speak,
};

const LONGEST_TEXT = 1000;

/** So long are the bytes behind every speech. */
const SECONDS = '3.0';

function speak(call: Call): Answer {
	const { body, state } = call;
	only(body, ['text', 'voice_id', 'voice_language', 'voice_speed']);
	if (!text(body, 'text', LONGEST_TEXT)) refuse('text is required');
	const language = word(body, 'voice_language', ['zh', 'en'], 'zh');
	if (!VOICES[language]!.split(' ').includes(text(body, 'voice_id'))) refuse('Voice id not found');
	checkNumber(body, 'voice_speed', 0.8, 2);
	const id = `7${String(Date.now())}${Math.floor(Math.random() * 1e5)}`;
	return json(200, {
		code: 0,
		message: 'SUCCEED',
		request_id: randomUUID(),
		data: {
			...deduction(PRICES.speech, state.settings.billing),
			task_result: { audios: [{ id, url: issue(call, `/${id}/speech.mp3`), duration: SECONDS }] },
		},
	});
}
