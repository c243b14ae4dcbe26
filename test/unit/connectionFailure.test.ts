import {
	canceled,
	connectionFailure as failureOf,
	FILE_PEER,
	PROVIDER_PEER,
	timedOut,
	type Peer,
} from '../../nodes/shared/kling/answers/connectionFailure';

const connectionFailure = (code: string | null, message: string, secrets: readonly string[], peer: Peer, isByN8n = false) =>
	failureOf({ code, message, isByN8n }, secrets, peer);

const BARE = { serviceCode: null, httpStatus: null, requestId: null };

it.each([
	['ENOTFOUND', 'The host name of the provider could not be found', true],
	['EAI_AGAIN', 'The host name of the provider could not be found', true],
	['ECONNREFUSED', 'The provider could not be reached', true],
	['EHOSTUNREACH', 'The provider could not be reached', true],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'No secure connection to the provider could be made', false],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'No secure connection to the provider could be made', false],
	['CERT_HAS_EXPIRED', 'No secure connection to the provider could be made', false],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'No secure connection to the provider could be made', false],
	['EPROTO', 'No secure connection to the provider could be made', false],
	['ETIMEDOUT', 'The provider did not answer in time', true],
	['ECONNABORTED', 'The provider did not answer in time', true],
	['ECONNRESET', 'The connection to the provider broke before the answer was complete', true],
	['ENETRESET', 'The connection to the provider broke before the answer was complete', true],
	['ECANCELED', 'The connection to the provider broke before the answer was complete', true],
	['EPIPE', 'The connection to the provider broke before the answer was complete', true],
	['ERR_STREAM_PREMATURE_CLOSE', 'The connection to the provider broke before the answer was complete', true],
	['ERR_FR_TOO_MANY_REDIRECTS', 'The provider redirects without end', false],
	['HPE_INVALID_CONSTANT', 'The connection to the provider broke before the answer was complete', true],
])('%s: %s', (code, message, retryable) => {
	const error = connectionFailure(code, 'words of Node.js', [], PROVIDER_PEER);
	expect(error.message).toBe(message);
	expect(error.details).toEqual({ ...BARE, description: expect.stringContaining(`(${code})`), attempts: 1, retryable });
	expect(error.details.description).not.toContain('words of Node.js');
});

it.each([
	['ENOTFOUND', PROVIDER_PEER.remedy],
	['ECONNREFUSED', PROVIDER_PEER.remedy],
	[
		'CERT_HAS_EXPIRED',
		`${PROVIDER_PEER.remedy} Behind a company proxy, n8n must be told its certificate (environment variable NODE_EXTRA_CA_CERTS).`,
	],
	['ETIMEDOUT', 'The call may have been charged. Run the item again later; if it happens often, check the network of this n8n.'],
	['ERR_FR_TOO_MANY_REDIRECTS', PROVIDER_PEER.remedy],
	['ECONNRESET', 'The call may have been charged. Run the item again later; if it happens often, check the network of this n8n.'],
])('how to go on after %s', (code, description) => {
	expect(connectionFailure(code, '', [], PROVIDER_PEER).details.description).toBe(`${description} (${code})`);
});

it.each([
	['an unknown code', 'EWHATEVER', ' (EWHATEVER)'],
	['no code', null, ''],
])('%s: the words are shown, without the key, and nobody knows what it cost', (_name, code, more) => {
	const error = connectionFailure(code, 'broken in some way, key sk-live-0123456789', ['sk-live-0123456789'], PROVIDER_PEER);
	expect(error.message).toBe('The request to the provider failed');
	expect(error.details).toEqual({
		...BARE,
		description: `The call may have been charged. broken in some way, key [cut]${more}`,
		attempts: 1,
		retryable: false,
	});
	expect(error.handling.effect).toBe('unclear');
});

it("what n8n refuses to send is not sent, and n8n's words are shown", () => {
	const error = connectionFailure(null, 'refused by the guard', [], PROVIDER_PEER, true);
	expect(error.message).toBe('The request to the provider could not be sent');
	expect(error.details).toEqual({ ...BARE, description: 'refused by the guard', attempts: 0, retryable: false });
	expect(error.handling.effect).toBe('unsent');
});

it('without words the remedy is shown', () => {
	const { description } = connectionFailure(null, '', [], PROVIDER_PEER).details;
	expect(description).toBe(`${PROVIDER_PEER.warning} ${PROVIDER_PEER.remedy}`);
	expect(connectionFailure(null, '', [], FILE_PEER).details.description).toBe(FILE_PEER.remedy);
});

it('what may have been charged is said of the provider only', () => {
	expect(connectionFailure('ECONNRESET', '', [], PROVIDER_PEER).details.description).toContain('may have been charged');
	const file = connectionFailure('ECONNRESET', '', [], FILE_PEER);
	expect(file.message).toBe('The connection to the server of the file broke before the answer was complete');
	expect(file.details.description).toMatch(/^Run the item again later/);
});

it.each([
	[
		PROVIDER_PEER,
		'The execution was stopped before the provider answered',
		'The call may have been charged. Run the workflow again.',
	],
	[FILE_PEER, 'The execution was stopped before the server of the file answered', 'Run the workflow again.'],
])('an attempt that was stopped: $name', (peer, message, description) => {
	const error = canceled(peer);
	expect(error.message).toBe(message);
	expect(error.details).toEqual({ ...BARE, description, attempts: 1, retryable: true });
});

it.each([
	['ENOTFOUND', 'unsent'],
	['EAI_AGAIN', 'unsent'],
	['ECONNREFUSED', 'unsent'],
	['CERT_HAS_EXPIRED', 'unsent'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'unsent'],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unsent'],
	['EHOSTUNREACH', 'unclear'],
	['ENETUNREACH', 'unclear'],
	['ENETRESET', 'unclear'],
	['ECANCELED', 'unclear'],
	['ECONNRESET', 'unclear'],
	['ETIMEDOUT', 'unclear'],
	['EPROTO', 'unclear'],
	['ERR_SSL_WRONG_VERSION_NUMBER', 'unclear'],
	['ERR_FR_TOO_MANY_REDIRECTS', 'unclear'],
])('after %s the request is %s', (code, effect) => {
	expect(connectionFailure(code, '', [], PROVIDER_PEER).handling.effect).toBe(effect);
});

it.each([timedOut(1000, PROVIDER_PEER), canceled(PROVIDER_PEER)])('$message: nobody knows whether it arrived', (error) => {
	expect(error.handling.effect).toBe('unclear');
});

it('an attempt that took too long', () => {
	const error = timedOut(1500, PROVIDER_PEER);
	expect(error.message).toBe('The provider did not answer within 1.5 seconds');
	expect(error.details).toMatchObject({ ...BARE, attempts: 1, retryable: true });
	expect(timedOut(1000, PROVIDER_PEER).message).toBe('The provider did not answer within 1 second');
	expect(timedOut(1000, FILE_PEER).details.description).toMatch(/^Raise Timeout/);
});
