/**
 * Whether a failed request is sent again: never; after a growing wait; also with fewer at once; or the same where the call was
 * never begun, so that it cost nothing.
 */
export type Retry = 'never' | 'backoff' | 'fewer' | 'notBegun';

/** What a code or status of the provider means to the person who reads it. */
export interface Meaning {
	message: string;
	remedy: string;
	retry: Retry;
	/** The shortest wait before the next try, in milliseconds. */
	minimumWaitMs?: number;
	/** Only a key that was accepted gets this answer: what is wrong is the account. */
	keyAccepted?: true;
	/** Nothing was begun, whatever the status says, though the same may succeed later. */
	isRefusal?: true;
	/** What the same code means where the provider's words say so. */
	where?: ReadonlyArray<Pick<Meaning, 'message' | 'remedy'> & { says: RegExp }>;
}

const CHECK_KEY = 'Open the credential, check that the provider and the key belong together, and paste the key again.';
/** Each of Kling's two regions knows its own keys only. */
export const OTHER_REGION = 'A key of Kling (Global) does not work with Kling (China), nor the other way round.';
const CHECK_CLOCK = 'Check that the clock of the machine that runs n8n is right, then run the workflow again.';
const TRY_LATER = 'Nothing is wrong with the item. Run it again later.';
/** How to go on where there were too many at once. */
export const SEND_FEWER = 'Other workflows may use the same account at this time. Run the item again later.';

/**
 * Kling's service codes (the body's `code`), one row each. Source: Kling's API reference, "Error codes".
 * The account codes 1100, 1101, 1102 and 1304 come with HTTP 429, yet waiting does not help.
 */
export const SERVICE_CODES: Readonly<Record<number, Meaning>> = {
	1000: {
		message: 'Kling rejected the credential',
		remedy: `${CHECK_KEY} With Access Key and Secret Key, check the Secret Key first.`,
		retry: 'never',
	},
	1001: { message: 'Kling received no credential', remedy: CHECK_KEY, retry: 'never' },
	1002: {
		message: 'Kling does not know this credential',
		remedy: `${CHECK_KEY} ${OTHER_REGION}`,
		retry: 'never',
		where: [
			{
				says: /not support AK\/?SK/i,
				message: 'Kling does this with an API key only',
				remedy: 'Create an API key in the Kling developer console, and choose the authentication API Key in the credential.',
			},
		],
	},
	1003: { message: "The credential's token is not valid yet", remedy: CHECK_CLOCK, retry: 'never' },
	1004: { message: "The credential's token has expired", remedy: CHECK_CLOCK, retry: 'never' },
	1100: {
		message: 'The Kling account is in an abnormal state',
		remedy: 'Sign in to the Kling developer console and check the account.',
		retry: 'never',
		keyAccepted: true,
	},
	1101: {
		message: 'The Kling account has unpaid bills',
		remedy: 'Pay the open bill in the Kling developer console, then run the item again.',
		retry: 'never',
		keyAccepted: true,
	},
	1102: {
		message: 'The resource pack of the Kling account is used up or has expired',
		remedy: 'Buy or renew a resource pack in the Kling developer console, then run the item again.',
		retry: 'never',
		keyAccepted: true,
	},
	1103: {
		message: 'The Kling account may not use this API',
		remedy: 'Check in the Kling developer console that the account includes this API, or use another credential.',
		retry: 'never',
		keyAccepted: true,
	},
	1200: {
		message: 'Kling refused the request as invalid',
		remedy: 'Check the input of this item against the limits in the documentation.',
		retry: 'never',
	},
	1201: {
		message: 'Kling refused the input',
		remedy: 'Check the input of this item against the limits in the documentation.',
		retry: 'never',
		where: [
			{
				says: /voice id not found/i,
				message: 'Kling does not know this voice',
				remedy: 'Choose a voice from the list, or check its ID.',
			},
		],
	},
	1202: {
		message: 'Kling does not offer this method',
		remedy: 'Check the provider and the base URL in the credential.',
		retry: 'never',
	},
	1203: {
		message: 'Kling did not find what the request names',
		remedy: 'Check that the image, video or ID still exists, and the base URL in the credential.',
		retry: 'never',
	},
	1300: { message: "The input violates the platform's policy", remedy: 'Use another image or video.', retry: 'never' },
	1301: {
		message: "The input violates the platform's content security policy",
		remedy: 'Use another image or video.',
		retry: 'never',
	},
	1302: { message: 'Too many requests in a short time', remedy: SEND_FEWER, retry: 'notBegun' },
	1303: {
		message: "More requests at once than the account's resource pack allows",
		remedy: SEND_FEWER,
		retry: 'notBegun',
		minimumWaitMs: 1000,
	},
	1304: {
		message: "The IP address of this n8n is not on the account's allow list",
		remedy: 'Add the address to the IP allow list in the Kling developer console.',
		retry: 'never',
		keyAccepted: true,
	},
	5000: { message: 'Kling had an internal error', remedy: TRY_LATER, retry: 'backoff' },
	5001: { message: 'Kling is under maintenance', remedy: TRY_LATER, retry: 'fewer' },
	5002: { message: 'Kling took too long inside', remedy: TRY_LATER, retry: 'backoff' },
};

const CHECK_BASE_URL = 'Check the provider and the base URL in the credential.';

/** HTTP statuses, for answers without a code that is known. Retried ones as the gateways' error guides list them. */
const HTTP_STATUSES: Readonly<Record<number, Meaning>> = {
	400: {
		message: 'The provider refused the request',
		remedy: 'Check the input of this item against the limits in the documentation.',
		retry: 'never',
	},
	401: { message: 'The provider rejected the key', remedy: CHECK_KEY, retry: 'never' },
	402: {
		message: 'The account has no balance left',
		remedy: 'Top up the account at the provider, then run the item again.',
		retry: 'never',
		keyAccepted: true,
	},
	403: {
		message: 'The provider does not allow this request',
		remedy: 'Check that the key may use the Kling routes, and that the account is in good standing.',
		retry: 'never',
	},
	404: { message: 'The provider does not know this route', remedy: CHECK_BASE_URL, retry: 'never' },
	408: { message: 'The provider waited too long for the request', remedy: TRY_LATER, retry: 'backoff' },
	413: { message: 'The request is too large for the provider', remedy: 'Use a smaller image.', retry: 'never' },
	429: { message: 'The provider receives too many requests', remedy: SEND_FEWER, retry: 'notBegun' },
	500: { message: 'The provider had an internal error', remedy: TRY_LATER, retry: 'backoff' },
	502: { message: 'The provider could not reach Kling', remedy: TRY_LATER, retry: 'backoff' },
	503: { message: 'The provider is not available', remedy: TRY_LATER, retry: 'fewer' },
	504: { message: 'The provider got no answer in time', remedy: TRY_LATER, retry: 'backoff' },
	...Object.fromEntries(
		[520, 521, 522, 523, 524].map((status) => [
			status,
			{ message: 'The provider could not be reached behind its edge', remedy: TRY_LATER, retry: 'backoff' as const },
		]),
	),
};

/** What an HTTP status means where no service code says more. */
export function httpStatusMeaning(status: number): Meaning {
	const known = HTTP_STATUSES[status];
	if (known) return known;
	return { message: `The provider answered with HTTP ${status}`, remedy: CHECK_BASE_URL, retry: 'never' };
}

/** What a meaning says about the next try, as a failure carries it. */
export function handlingOf({ retry, minimumWaitMs = 0 }: Pick<Meaning, 'retry' | 'minimumWaitMs'>) {
	const notBegun = retry === 'notBegun';
	return { congestion: notBegun || retry === 'fewer', notBegun, minimumWaitMs };
}
