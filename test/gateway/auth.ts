import { createHmac, timingSafeEqual } from 'node:crypto';
import { klingError, resellerError, type Answer } from './answers';
import { ACCESS } from './keys';
import type { ProviderRow } from './providers';
import type { Provider } from './types';

/** Whose request it is, and whether an access key signed it; or the answer that refuses it. */
export type Verdict = { account: Provider; isSigned?: boolean } | { refused: Answer };

/**
 * Checks an Authorization header as the provider does. Resellers know their API key only; Kling knows its API
 * key and the JWT of an access key.
 */
export function checkAuthorization(provider: ProviderRow, header: string | undefined): Verdict {
	const token = /^Bearer (\S+)$/.exec(header ?? '')?.[1];
	// One account each, whichever of its keys is used.
	const account = provider.name;
	if (isKeyOf(token, provider.key)) return { account };
	if (!provider.isKling) {
		const message = token ? 'Invalid token' : 'No token was provided';
		return { refused: resellerError(provider, 401, message, 'invalid_token') };
	}
	if (!header || /^Bearer\s*$/.test(header)) return { refused: klingError(401, 1001, 'Authorization is empty') };
	if (!token) return { refused: klingError(401, 1000, 'Authentication failed') };
	if (token.split('.').length !== 3) return { refused: klingError(401, 1002, 'access key not found') };
	return checkJwt(provider, token);
}

/**
 * A good key with a name behind it is one more key of the same account: a node under test knows an account by its key, and each
 * test can have its own.
 */
function isKeyOf(given: unknown, good: string): boolean {
	return given === good || (typeof given === 'string' && given.startsWith(`${good}.`));
}

function checkJwt(provider: ProviderRow, token: string): Verdict {
	const [head = '', claims = '', signature = ''] = token.split('.');
	const refused = (code: number, message: string): Verdict => ({ refused: klingError(401, code, message) });
	const header = decodePart(head);
	const payload = decodePart(claims);
	if (header?.alg !== 'HS256' || header.typ !== 'JWT' || !payload) return refused(1000, 'Authentication failed');
	if (!isKeyOf(payload.iss, ACCESS.accessKey)) return refused(1002, 'access key not found');
	// Checked by hand: what signs the token under test is a library, and it should not check itself.
	const expected = createHmac('sha256', ACCESS.secretKey).update(`${head}.${claims}`).digest();
	const given = Buffer.from(signature, 'base64url');
	if (given.length !== expected.length || !timingSafeEqual(given, expected)) return refused(1000, 'signature is invalid');
	const now = Date.now() / 1000;
	if (typeof payload.exp !== 'number' || typeof payload.nbf !== 'number') return refused(1000, 'Authentication failed');
	if (payload.nbf > now) return refused(1003, 'Authorization is not valid yet');
	if (payload.exp <= now) return refused(1004, 'Authorization has expired');
	return { account: provider.name, isSigned: true };
}

function decodePart(part: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}
