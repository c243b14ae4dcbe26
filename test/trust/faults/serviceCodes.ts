import type { Again, FaultRow } from './row';

/** Kling's service codes: code, HTTP status that belongs to it, whether to send again, what the user reads. */
const CODES: ReadonlyArray<[code: number, status: number, again: Again, message: string]> = [
	[1000, 401, 'never', 'Kling rejected the credential'],
	[1001, 401, 'never', 'Kling received no credential'],
	[1002, 401, 'never', 'Kling does not know this credential'],
	[1003, 401, 'never', "The credential's token is not valid yet"],
	[1004, 401, 'never', "The credential's token has expired"],
	[1100, 429, 'never', 'The Kling account is in an abnormal state'],
	[1101, 429, 'never', 'The Kling account has unpaid bills'],
	[1102, 429, 'never', 'The video resource pack of the Kling account is used up or has expired'],
	[1103, 403, 'never', 'The Kling account may not use this API'],
	[1200, 400, 'never', 'Kling refused the request as invalid'],
	[1201, 400, 'never', 'Kling refused the input'],
	[1202, 404, 'never', 'Kling does not offer this method'],
	[1203, 404, 'never', 'Kling did not find what the request names'],
	[1300, 400, 'never', "The input violates the platform's policy"],
	[1301, 400, 'never', "The input violates the platform's content security policy"],
	[1302, 429, 'notBegun', 'Too many requests in a short time'],
	[1303, 429, 'notBegun', "More requests at once than the account's video resource pack allows"],
	[1304, 429, 'never', "The IP address of this n8n is not on the account's allow list"],
	[5000, 500, 'backoff', 'Kling had an internal error'],
	[5001, 503, 'backoff', 'Kling is under maintenance'],
	[5002, 504, 'backoff', 'Kling took too long inside'],
];

/** Each service code with its HTTP status, and with 200 as some gateways send it. */
export const SERVICE_CODE_ROWS: FaultRow[] = CODES.flatMap(([code, status, again, message]) =>
	[status, 200].map((httpStatus) => ({
		id: `code-${code}-${httpStatus}`,
		group: 'Service codes',
		fault: `code ${code} with HTTP ${httpStatus}`,
		play: { kind: 'code' as const, status: httpStatus, code, message: 'as the provider words it' },
		again,
		message,
		httpStatus,
		serviceCode: code,
		description: /The provider said: "as the provider words it"/,
	})),
);

const OTHERS: ReadonlyArray<Pick<FaultRow, 'id' | 'fault' | 'play' | 'again' | 'message' | 'httpStatus' | 'serviceCode'>> = [
	{
		id: 'code-unknown-200',
		fault: 'a code that is not known, with HTTP 200',
		play: { kind: 'code', status: 200, code: 4711 },
		again: 'never',
		message: 'The provider answered with the unknown error code 4711',
		httpStatus: 200,
		serviceCode: 4711,
	},
	{
		id: 'code-unknown-503',
		fault: 'a code that is not known, with HTTP 503',
		play: { kind: 'code', status: 503, code: 4711 },
		again: 'backoff',
		message: 'The provider is not available',
		httpStatus: 503,
		serviceCode: 4711,
	},
	{
		id: 'code-as-text',
		fault: 'code 1102 as text, with HTTP 429',
		play: { kind: 'answer', status: 429, body: { code: '1102', message: 'used up' } },
		again: 'never',
		message: 'The video resource pack of the Kling account is used up or has expired',
		httpStatus: 429,
		serviceCode: 1102,
	},
	{
		id: 'code-5000-400',
		fault: 'code 5000 with HTTP 400: the code decides',
		play: { kind: 'code', status: 400, code: 5000 },
		again: 'backoff',
		message: 'Kling had an internal error',
		httpStatus: 400,
		serviceCode: 5000,
	},
	{
		id: 'code-1200-503',
		fault: 'code 1200 with HTTP 503: the code decides',
		play: { kind: 'code', status: 503, code: 1200 },
		again: 'never',
		message: 'Kling refused the request as invalid',
		httpStatus: 503,
		serviceCode: 1200,
	},
];

/** Codes where HTTP status and code say different things, or that nobody knows. */
export const ODD_CODE_ROWS: FaultRow[] = OTHERS.map((row) => ({ group: 'Service codes', ...row }));
