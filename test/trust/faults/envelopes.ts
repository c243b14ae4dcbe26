import type { Again, FaultRow } from './row';

interface Envelope {
	id: string;
	fault: string;
	status: number;
	error: Record<string, unknown>;
	again: Again;
	message: string;
	serviceCode?: number;
	description?: RegExp;
}

const said = (words: string): RegExp => new RegExp(`The provider said: "${words}`);

/** Errors as the gateways write them: `{"error": {"message", "type", "param", "code"}}`. */
const ENVELOPES: readonly Envelope[] = [
	{
		id: 'invalid-token',
		fault: 'error.code invalid_token with HTTP 401',
		status: 401,
		error: {
			message: 'Invalid token (request id: 2026010112000000abcd)',
			type: 'new_api_error',
			param: '',
			code: 'invalid_token',
		},
		again: 'never',
		message: 'The provider rejected the key',
		description: said('Invalid token'),
	},
	{
		id: 'quota',
		fault: 'error.code insufficient_user_quota with HTTP 403',
		status: 403,
		error: { message: 'user quota is not enough', type: 'new_api_error', code: 'insufficient_user_quota' },
		again: 'never',
		message: 'The account has no balance left',
		description: /error code: insufficient_user_quota/,
	},
	{
		id: 'saturated-403',
		fault: 'error.code upstream_load_saturated with HTTP 403',
		status: 403,
		error: { message: 'try again later', type: 'new_api_error', code: 'upstream_load_saturated' },
		again: 'notBegun',
		message: 'The gateway has no room at Kling at the moment',
		description: said('try again later'),
	},
	{
		id: 'invalid-503',
		fault: 'error.code invalid_request with HTTP 503',
		status: 503,
		error: { message: 'overloaded', type: 'new_api_error', code: 'invalid_request' },
		again: 'backoff',
		message: 'The provider is not available',
	},
	{
		id: 'nested-1102',
		fault: 'code 1102 as text in the message of an error with HTTP 429',
		status: 429,
		error: { message: '{"code":1102,"message":"resource pack exhausted"}', code: 'fail_to_fetch_task' },
		again: 'never',
		message: 'The video resource pack of the Kling account is used up or has expired',
		serviceCode: 1102,
		description: said('resource pack exhausted'),
	},
	{
		id: 'words-1303',
		fault: 'error.code task_failed with HTTP 400, and the words of 1303',
		status: 400,
		error: { message: 'parallel task over resource pack limit', code: 'task_failed' },
		again: 'notBegun',
		message: "More requests at once than the account's video resource pack allows",
		serviceCode: 1303,
	},
	{
		id: 'invalid-500',
		fault: 'error.code invalid_request with HTTP 500',
		status: 500,
		error: { message: 'the image cannot be read', type: 'new_api_error', code: 'invalid_request' },
		again: 'never',
		message: 'The provider had an internal error',
		description: said('the image cannot be read'),
	},
	{
		id: 'invalid-type-500',
		fault: 'error.type invalid_request with HTTP 500',
		status: 500,
		error: { message: 'the image cannot be read', type: 'invalid_request' },
		again: 'never',
		message: 'The provider had an internal error',
	},
	{
		id: 'do-request-500',
		fault: 'error.code do_request_failed with HTTP 500',
		status: 500,
		error: { message: 'upstream error', type: 'comet_api_error', code: 'do_request_failed' },
		again: 'backoff',
		message: 'The provider had an internal error',
	},
	{
		id: 'saturated-429',
		fault: 'a gateway error with HTTP 429',
		status: 429,
		error: { message: 'upstream load is saturated', type: 'new_api_error', code: '' },
		again: 'notBegun',
		message: 'The provider receives too many requests',
		description: said('upstream load is saturated'),
	},
	{
		id: 'no-channel-503',
		fault: 'error.code model_not_found with HTTP 503',
		status: 503,
		error: { message: 'no available channel', type: 'new_api_error', code: 'model_not_found' },
		again: 'backoff',
		message: 'The gateway has no channel for this model',
	},
	{
		id: 'code-1303-429',
		fault: 'error.code "1303" with HTTP 429',
		status: 429,
		error: { message: 'parallel task over resource pack limit', type: 'kling_error', code: '1303' },
		again: 'notBegun',
		message: "More requests at once than the account's video resource pack allows",
		serviceCode: 1303,
	},
	{
		id: 'code-1102-429',
		fault: 'error.code "1102" with HTTP 429',
		status: 429,
		error: { message: 'resource pack exhausted', type: 'kling_error', code: '1102' },
		again: 'never',
		message: 'The video resource pack of the Kling account is used up or has expired',
		serviceCode: 1102,
	},
	{
		id: 'error-200',
		fault: 'a gateway error with HTTP 200',
		status: 200,
		error: { message: 'something broke', type: 'new_api_error', code: 'unknown' },
		again: 'never',
		message: 'The provider answered with an error',
		description: said('something broke'),
	},
	{
		id: 'empty-error-502',
		fault: 'an empty gateway error with HTTP 502',
		status: 502,
		error: {},
		again: 'backoff',
		message: 'The provider could not reach Kling',
	},
];

export const ENVELOPE_ROWS: FaultRow[] = ENVELOPES.map(({ id, status, error, serviceCode = null, ...row }) => ({
	...row,
	id: `envelope-${id}`,
	group: "Gateways' errors",
	play: { kind: 'gatewayError', status, error },
	httpStatus: status,
	serviceCode,
}));

const TEXT_ERROR: FaultRow = {
	id: 'envelope-text',
	group: "Gateways' errors",
	fault: 'error as a text, with HTTP 400',
	play: { kind: 'answer', status: 400, body: { error: 'bad image' } },
	again: 'never',
	message: 'The provider refused the request',
	httpStatus: 400,
	serviceCode: null,
	description: said('bad image'),
};

export const GATEWAY_ROWS: FaultRow[] = [...ENVELOPE_ROWS, TEXT_ERROR];
