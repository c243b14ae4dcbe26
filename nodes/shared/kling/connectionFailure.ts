import { KlingError } from './klingError';
import { quote } from './quote';

/** Whom a request was sent to: the texts name it, and say what to check. */
export interface Peer {
	name: string;
	remedy: string;
	/** What a request without an answer may have cost. */
	warning: string;
}

export const PROVIDER_PEER: Peer = {
	name: 'provider',
	remedy: 'Check the provider and the base URL in the credential, and whether this n8n can reach the internet.',
	warning: 'The call may have been charged.',
};

export const FILE_PEER: Peer = {
	name: 'server of the file',
	remedy: 'Check the URL of the file, and whether this n8n can reach it.',
	warning: '',
};

interface ConnectionMeaning {
	codes: RegExp;
	message: (peer: Peer) => string;
	remedy: (peer: Peer) => string;
	retryable: boolean;
}

const LATER = 'Run the item again later; if it happens often, check the network of this n8n.';

/** What the error codes of Node.js and its HTTP client mean, one row for each kind. */
const CONNECTION_FAILURES: readonly ConnectionMeaning[] = [
	{
		codes: /^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL)$/,
		message: ({ name }) => `The host name of the ${name} could not be found`,
		remedy: ({ remedy }) => remedy,
		retryable: true,
	},
	{
		codes: /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/,
		message: ({ name }) => `The ${name} could not be reached`,
		remedy: ({ remedy }) => remedy,
		retryable: true,
	},
	{
		codes: /CERT|SSL|TLS|UNABLE_TO_|ISSUER|EPROTO/,
		message: ({ name }) => `No secure connection to the ${name} could be made`,
		remedy: ({ remedy }) =>
			`${remedy} Behind a company proxy, n8n must be told its certificate (environment variable NODE_EXTRA_CA_CERTS).`,
		retryable: false,
	},
	{
		codes: /^(ETIMEDOUT|ESOCKETTIMEDOUT|ECONNABORTED)$/,
		message: ({ name }) => `The ${name} did not answer in time`,
		remedy: ({ warning }) => `${warning} ${LATER}`,
		retryable: true,
	},
	{
		codes: /^ERR_FR_TOO_MANY_REDIRECTS$/,
		message: ({ name }) => `The ${name} redirects without end`,
		remedy: ({ remedy }) => remedy,
		retryable: false,
	},
	{
		codes: /^(ECONNRESET|EPIPE|ERR_(?!FR_)\w+|HPE_\w+|UND_\w+|Z_\w+)$/,
		message: ({ name }) => `The connection to the ${name} broke before the answer was complete`,
		remedy: ({ warning }) => `${warning} ${LATER}`,
		retryable: true,
	},
];

const BARE = { serviceCode: null, httpStatus: null, requestId: null, attempts: 1 };

/** The failure of an attempt that was not answered within its time. */
export function timedOut(timeoutMs: number, peer: Peer): KlingError {
	return new KlingError(
		`The ${peer.name} did not answer within ${timeoutMs === 1000 ? '1 second' : `${timeoutMs / 1000} seconds`}`,
		{
			...BARE,
			description: `${peer.warning} Raise Timeout in the options, or run the item again later.`.trim(),
			retryable: true,
		},
	);
}

/** The failure of an attempt during which the execution was stopped. */
export function canceled(peer: Peer): KlingError {
	return new KlingError(`The execution was stopped before the ${peer.name} answered`, {
		...BARE,
		description: `${peer.warning} Run the workflow again.`.trim(),
		retryable: true,
	});
}

/**
 * The failure of a request that got no answer.
 * @param code the error code of Node.js or its HTTP client, where there is one
 * @param message the error's message, shown only where the code is unknown
 */
export function connectionFailure(code: string | null, message: string, secrets: readonly string[], peer: Peer): KlingError {
	const known = CONNECTION_FAILURES.find(({ codes }) => code !== null && codes.test(code));
	if (known) {
		const description = `${known.remedy(peer)} (${code})`.trim();
		return new KlingError(known.message(peer), { ...BARE, description, retryable: known.retryable });
	}
	return new KlingError(`The request to the ${peer.name} could not be sent`, {
		...BARE,
		description: quote(message, secrets) || peer.remedy,
		attempts: 0,
		retryable: false,
	});
}

/** Codes, as the descriptions above end, that come before a connection is made: the request cannot have arrived. */
const BEFORE_SENDING = /\((ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL|ECONNREFUSED|\w*CERT\w*|UNABLE_TO_\w+)\)$/;

/** Whether a failure of `connectionFailure` says that the provider cannot have got the request. */
export function neverSent({ details }: KlingError): boolean {
	return details.httpStatus === null && BEFORE_SENDING.test(details.description);
}
