import { DEFAULT_VIDEO_MODEL, videoModel } from './tasks/models';

/** The day of the price list. Source of all prices here: Kling's own list, as read in public mirrors; gateways have prices of their own. */
export const PRICES_OF = '2026-09-20';

/** What a unit of a video pack costs, in US dollars. */
export const UNIT_USD = 0.14;

/** What is paid: units of a video pack or, where another pack pays, US dollars. */
export type Charge = { units: number } | { usd: number };

type Price = Charge & {
	/** What is paid for, in words: "for 5 seconds in Standard mode". */
	what: string;
	/** How long it takes, in words; absent where the answer comes at once. */
	time?: string;
};

const MINUTES = 'takes some minutes';
/** With a model of choice: what a new node makes. */
const { label, units } = videoModel(DEFAULT_VIDEO_MODEL)!;
const VIDEO = { what: `5 seconds of ${label} in Standard mode`, units: 5 * units.std!.silent!, time: MINUTES };

/** What a second of Talking Avatar costs by mode, in units. */
export const AVATAR_UNITS = { std: 0.4, pro: 0.8 } as const;

/** What a lip-sync is counted in, in seconds; a step that has begun is paid in full. Source: the list as gateways' billing code quotes it. */
export const LIP_SYNC_STEP = 5;

/** By operation, one row each: what the panel says before anyone pays. */
export const PRICES = {
	recognizeImage: { what: 'an image', units: 0.1 },
	identifyFace: { what: 'a video', units: 0.05 },
	imageToVideo: VIDEO,
	textToVideo: VIDEO,
	lipSync: { what: `${LIP_SYNC_STEP} seconds`, units: 0.5, time: MINUTES },
	avatar: { what: 'a second in Standard mode', units: AVATAR_UNITS.std, time: MINUTES },
	virtualTryOn: { what: 'an image of a Kolors model', usd: 0.007, time: MINUTES },
	textToSpeech: { what: 'a text', units: 0.05 },
} as const satisfies Readonly<Record<string, Price>>;

export type Priced = keyof typeof PRICES;

/** A charge in US dollars. */
export const usdOf = (charge: Charge): number => ('usd' in charge ? charge.usd : charge.units * UNIT_USD);

/** A price in US dollars as it is written: "0.007". */
export const priceIn = (charge: Charge): string => `${Number(usdOf(charge).toFixed(3))}`;

/** What a call of an operation costs at Kling, in words: "about 0.21 USD for 5 seconds". */
export function priceOf(operation: Priced): string {
	const price: Price = PRICES[operation];
	return `about ${priceIn(price)} USD for ${price.what}`;
}

/** How long a task of an operation takes, in words; empty where the answer comes at once. */
export function timeOf(operation: Priced): string {
	const { time }: Price = PRICES[operation];
	return time ?? '';
}
