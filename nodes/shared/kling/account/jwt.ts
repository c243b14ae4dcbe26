import { SignJWT } from 'jose';

import { refusal } from '../klingError';
import { digestOf } from './digest';

const LIFETIME_S = 1800;
const NOT_BEFORE_S = 5;
/** A token is replaced this long before it expires, so that none expires on its way. */
const RENEW_BEFORE_S = 120;
const MOST_TOKENS_KEPT = 100;

/** By a digest of the keys. */
const tokens = new Map<string, { token: string; expiresAt: number }>();

/**
 * The token that stands for a pair of Kling keys: a JWT, HS256, with `iss`, `exp` (+1800 s) and `nbf` (-5 s),
 * as Kling's API reference describes it. Signed once and reused until shortly before it expires.
 * @param nowMs the present time in milliseconds since 1970
 * @throws KlingError on a Node.js that cannot sign
 */
export async function signedToken(accessKey: string, secretKey: string, nowMs: number): Promise<string> {
	const now = Math.floor(nowMs / 1000);
	const pair = digestOf([accessKey, secretKey]);
	const known = tokens.get(pair);
	if (known && now < known.expiresAt - RENEW_BEFORE_S && now >= known.expiresAt - LIFETIME_S) return known.token;

	// Node.js 18, on which older versions of n8n run, has no Web Crypto as a global.
	if (typeof crypto === 'undefined') {
		throw refusal(
			'The Access Key and the Secret Key cannot be used, because this n8n runs on a Node.js that is too old',
			'Run n8n on Node.js 20 or newer, or create an API key in the Kling developer console and use that.',
		);
	}
	const expiresAt = now + LIFETIME_S;
	const token = await new SignJWT()
		.setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
		.setIssuer(accessKey)
		.setExpirationTime(expiresAt)
		.setNotBefore(now - NOT_BEFORE_S)
		.sign(new TextEncoder().encode(secretKey));
	remember(pair, { token, expiresAt });
	return token;
}

function remember(pair: string, entry: { token: string; expiresAt: number }): void {
	if (tokens.size >= MOST_TOKENS_KEPT) tokens.delete(tokens.keys().next().value!);
	tokens.set(pair, entry);
}
