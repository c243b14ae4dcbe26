/**
 * What calls cost at Kling itself, in units of a video pack. Source: Kling's price list of 2026-09-20, as read in public mirrors;
 * gateways have prices of their own.
 */

/** What a unit of a video pack costs, in US dollars. */
export const UNIT_USD = 0.14;

interface Price {
	/** What is paid for, in words: "for 5 seconds in Standard mode". */
	what: string;
	units: number;
	/** How long it takes, in words; absent where the answer comes at once. */
	time?: string;
}

const MINUTES = 'takes some minutes';
/** With a model of choice: that of a new node. */
const VIDEO = { what: '5 seconds of Kling 2.6 in Standard mode', units: 1.5, time: MINUTES };

/** By operation, one row each: what the panel says before anyone pays. */
export const PRICES = {
	recognizeImage: { what: 'an image', units: 0.1 },
	identifyFace: { what: 'a video', units: 0.05 },
	imageToVideo: VIDEO,
	textToVideo: VIDEO,
	lipSync: { what: '5 seconds', units: 0.5, time: MINUTES },
	avatar: { what: 'a second in Standard mode', units: 0.4, time: MINUTES },
	virtualTryOn: { what: 'an image of a Kolors model', units: 0.05, time: MINUTES },
	textToSpeech: { what: 'a text', units: 0.05 },
} as const satisfies Readonly<Record<string, Price>>;

export type Priced = keyof typeof PRICES;

/** What a call of an operation costs at Kling, in words: "about 0.21 USD for 5 seconds". */
export function priceOf(operation: Priced): string {
	const { what, units } = PRICES[operation];
	return `about ${Number((units * UNIT_USD).toFixed(3))} USD for ${what}`;
}

/** How long a task of an operation takes, in words; empty where the answer comes at once. */
export function timeOf(operation: Priced): string {
	const { time }: Price = PRICES[operation];
	return time ?? '';
}
