import { checkSpeechText, languageOf, readSpeech, readSpeed, speechBody } from '../../nodes/shared/kling/speech/speech';
import { DEFAULT_VOICE, VOICES } from '../../nodes/shared/kling/speech/voices';
import { klingErrorOf, REFUSED_HERE } from './helpers';

const [BOTH, ENGLISH, CHINESE] = ['genshin_vindi2', 'AOT', 'tiyuxi_xuedi'] as const;

describe('voices', () => {
	it('each has one row, also where it speaks both languages', () => {
		expect(VOICES).toHaveLength(new Set(VOICES.map(({ id }) => id)).size);
		const ofLanguage = (language: string) => VOICES.filter(({ languages }) => languages.some((one) => one === language));
		expect([ofLanguage('en').length, ofLanguage('zh').length]).toEqual([27, 34]);
		expect(VOICES.find(({ id }) => id === BOTH)).toEqual({ id: BOTH, name: 'Sunny (阳光少年)', languages: ['en', 'zh'] });
	});

	it('that of a new node speaks both', () => {
		expect(VOICES.find(({ id }) => id === DEFAULT_VOICE)?.languages).toEqual(['en', 'zh']);
	});
});

describe('the language', () => {
	it.each([
		[BOTH, 'Hello', null, 'en'],
		[BOTH, 'Hello 你好', null, 'zh'],
		[BOTH, '你好', 'en', 'en'],
		[BOTH, 'Hello', 'zh', 'zh'],
		[ENGLISH, '你好', null, 'en'],
		[CHINESE, 'Hello', null, 'zh'],
		[CHINESE, 'Hello', 'zh', 'zh'],
		['one of next month', 'Hello', null, 'en'],
		['one of next month', '你好', null, 'zh'],
		['one of next month', 'Hello', 'zh', 'zh'],
	] as const)('%s, %s, wanted %p: %s', (voice, text, wanted, language) => {
		expect(languageOf(voice, text, wanted)).toBe(language);
	});

	it('that a voice does not speak is refused', () => {
		const { message, details } = klingErrorOf(() => languageOf(ENGLISH, 'Hello', 'zh'));
		const description = 'Set Voice Language to Automatic, or choose another Voice.';
		expect([message, details]).toEqual([
			'The voice Ace does not speak Chinese',
			expect.objectContaining({ ...REFUSED_HERE, description }),
		]);
		expect(klingErrorOf(() => languageOf(CHINESE, 'Hello', 'en')).message).toBe('The voice 运动少年 does not speak English');
	});
});

it('a text has 1000 characters at most', () => {
	expect(() => checkSpeechText('👋'.repeat(1000))).not.toThrow();
	const { message, details } = klingErrorOf(() => checkSpeechText('a'.repeat(1001)));
	const description = 'Shorten Text, or make an item of each part.';
	expect([message, details]).toEqual([
		'Text is too long: 1001 characters, at most 1000',
		expect.objectContaining({ ...REFUSED_HERE, description }),
	]);
});

it.each([
	[undefined, null],
	['', null],
	[0.8, 0.8],
	['1.3', 1.3],
	[2, 2],
])('a speed of %j', (value, expected) => expect(readSpeed(value)).toBe(expected));

it.each([
	[0.7, 'Speed is 0.7, it must be a number from 0.8 to 2'],
	[2.1, 'Speed is 2.1, it must be a number from 0.8 to 2'],
	[1.25, 'Speed is 1.25, it has one decimal at most'],
])('a speed of %j is refused', (value, message) => {
	const failure = klingErrorOf(() => readSpeed(value));
	expect([failure.message, failure.details]).toEqual([message, expect.objectContaining(REFUSED_HERE)]);
});

it('the body has a speed only where one was set', () => {
	const wish = { text: 't', voiceId: 'v', language: 'en' as const };
	expect(speechBody({ ...wish, speed: null })).toEqual({ text: 't', voice_id: 'v', voice_language: 'en' });
	expect(speechBody({ ...wish, speed: 1.2 })).toEqual({ text: 't', voice_id: 'v', voice_language: 'en', voice_speed: 1.2 });
});

describe('an answer', () => {
	const audio = { id: '9007199254740993123', url: 'https://a.example/1.mp3', duration: '3.2' };

	it.each([[[audio]], [audio], [[null, { id: 'x' }, audio]]])('%j', (audios) => {
		const data = { task_result: { audios }, final_unit_deduction: '0.05', final_balance_deduction: { quota: '0.05' } };
		expect(readSpeech(data, 'r')).toEqual({
			audioUrl: 'https://a.example/1.mp3',
			audioId: '9007199254740993123',
			duration: 3.2,
			requestId: 'r',
			unitsDeducted: 0.05,
			balanceDeducted: 0.05,
		});
	});

	it('that says little', () => {
		expect(readSpeech({ task_result: { audios: [{ url: 'u' }] } }, null)).toEqual({
			audioUrl: 'u',
			audioId: null,
			duration: null,
			requestId: null,
			unitsDeducted: null,
			balanceDeducted: null,
		});
	});

	it.each([{}, { task_result: {} }, { task_result: { audios: [] } }, { task_result: { audios: [{ id: 'x' }] } }])(
		'%j has none',
		(data) => {
			expect(readSpeech(data, 'r')).toBeNull();
		},
	);
});
