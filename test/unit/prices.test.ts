import { PRICES, priceOf, timeOf, type Priced } from '../../nodes/shared/kling/prices';

it.each([
	['recognizeImage', 'about 0.014 USD for an image', ''],
	['identifyFace', 'about 0.007 USD for a video', ''],
	['imageToVideo', 'about 0.21 USD for 5 seconds of Kling 2.6 in Standard mode', 'takes some minutes'],
	['textToVideo', 'about 0.21 USD for 5 seconds of Kling 2.6 in Standard mode', 'takes some minutes'],
	['textToSpeech', 'about 0.007 USD for a text', ''],
	['lipSync', 'about 0.07 USD for 5 seconds', 'takes some minutes'],
	['avatar', 'about 0.056 USD for a second in Standard mode', 'takes some minutes'],
	['virtualTryOn', 'about 0.007 USD for an image of a Kolors model', 'takes some minutes'],
] as const)('%s: %s', (operation, price, time) => {
	expect(priceOf(operation)).toBe(price);
	expect(timeOf(operation)).toBe(time);
});

it.each(Object.keys(PRICES) as Priced[])('%s: the text says what the table says', (operation) => {
	const price = PRICES[operation];
	const [, usd, told] = /^about ([\d.]+) USD for (.+)$/.exec(priceOf(operation))!;
	expect(told).toBe(price.what);
	// A unit costs 0.14 USD.
	expect(Number(usd)).toBeCloseTo('usd' in price ? price.usd : price.units * 0.14, 3);
});
