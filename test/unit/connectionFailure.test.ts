import {
	canceled,
	connectionFailure,
	FILE_PEER,
	neverSent,
	PROVIDER_PEER,
	timedOut,
} from '../../nodes/shared/kling/connectionFailure';

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
	['an unknown code', 'EWHATEVER'],
	['no code', null],
])('%s: the words are shown, without the key', (_name, code) => {
	const error = connectionFailure(code, 'refused by the guard, key sk-live-0123456789', ['sk-live-0123456789'], PROVIDER_PEER);
	expect(error.message).toBe('The request to the provider could not be sent');
	expect(error.details).toEqual({
		...BARE,
		description: 'refused by the guard, key [cut]',
		attempts: 0,
		retryable: false,
	});
});

it('without words the remedy is shown', () => {
	expect(connectionFailure(null, '', [], PROVIDER_PEER).details.description).toBe(PROVIDER_PEER.remedy);
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
	['ENOTFOUND', true],
	['ECONNREFUSED', true],
	['CERT_HAS_EXPIRED', true],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true],
	['ECONNRESET', false],
	['ETIMEDOUT', false],
	['EPROTO', false],
])('after %s the request cannot have arrived: %p', (code, expected) => {
	expect(neverSent(connectionFailure(code, '', [], PROVIDER_PEER))).toBe(expected);
});

it('an answer has arrived, whatever it says of connections', () => {
	const answer = connectionFailure('ECONNREFUSED', '', [], PROVIDER_PEER).with({ httpStatus: 502 });
	expect(neverSent(answer)).toBe(false);
});

it('an attempt that took too long', () => {
	const error = timedOut(1500, PROVIDER_PEER);
	expect(error.message).toBe('The provider did not answer within 1.5 seconds');
	expect(error.details).toMatchObject({ ...BARE, attempts: 1, retryable: true });
	expect(timedOut(1000, PROVIDER_PEER).message).toBe('The provider did not answer within 1 second');
	expect(timedOut(1000, FILE_PEER).details.description).toMatch(/^Raise Timeout/);
});
