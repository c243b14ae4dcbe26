import { KlingError, refusal } from '../klingError';
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
	/** Whether it comes before a connection is made, so that the request cannot have arrived. */
	isBeforeSending?: true;
}

const LATER = 'Run the item again later; if it happens often, check the network of this n8n.';

const NOT_REACHED = ({ name }: Peer) => `The ${name} could not be reached`;
const NOT_SECURE = ({ name }: Peer) => `No secure connection to the ${name} could be made`;
const certificateRemedy = ({ remedy }: Peer) =>
	`${remedy} Behind a company proxy, n8n must be told its certificate (environment variable NODE_EXTRA_CA_CERTS).`;

/** What the error codes of Node.js and its HTTP client mean, one row for each kind. */
const CONNECTION_FAILURES: readonly ConnectionMeaning[] = [
	{
		codes: /^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL)$/,
		message: ({ name }) => `The host name of the ${name} could not be found`,
		remedy: ({ remedy }) => remedy,
		retryable: true,
		isBeforeSending: true,
	},
	{
		codes: /^ECONNREFUSED$/,
		message: NOT_REACHED,
		remedy: ({ remedy }) => remedy,
		retryable: true,
		isBeforeSending: true,
	},
	{
		codes: /^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/,
		message: NOT_REACHED,
		remedy: ({ remedy }) => remedy,
		retryable: true,
	},
	{
		codes: /CERT|UNABLE_TO_/,
		message: NOT_SECURE,
		remedy: certificateRemedy,
		retryable: false,
		isBeforeSending: true,
	},
	{
		codes: /SSL|TLS|ISSUER|EPROTO/,
		message: NOT_SECURE,
		remedy: certificateRemedy,
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
		codes: /^(ECONNRESET|ENETRESET|ECANCELED|EPIPE|ERR_(?!FR_)\w+|HPE_\w+|UND_\w+|Z_\w+)$/,
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

/** Why a request got no answer. */
export interface Cause {
	/** The error code of Node.js or its HTTP client, where there is one. */
	code: string | null;
	/** The error's message, shown only where the code is unknown. */
	message: string;
	/** Whether n8n itself refused to send the request. */
	isByN8n: boolean;
}

/** The failure of a request that got no answer. What does not say that nothing was sent may have been charged. */
export function connectionFailure({ code, message, isByN8n }: Cause, secrets: readonly string[], peer: Peer): KlingError {
	const known = CONNECTION_FAILURES.find(({ codes }) => code !== null && codes.test(code));
	if (known) {
		const description = `${known.remedy(peer)} (${code})`.trim();
		const effect = known.isBeforeSending ? 'unsent' : 'unclear';
		return new KlingError(known.message(peer), { ...BARE, description, retryable: known.retryable }, { effect });
	}
	const said = quote(message, secrets) || peer.remedy;
	if (isByN8n) return refusal(`The request to the ${peer.name} could not be sent`, said);
	const description = [peer.warning, said, code === null ? '' : `(${quote(code, secrets)})`].filter(Boolean).join(' ');
	return new KlingError(`The request to the ${peer.name} failed`, { ...BARE, description, retryable: false });
}
