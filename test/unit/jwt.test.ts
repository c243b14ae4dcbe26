import { decodeProtectedHeader, jwtVerify } from 'jose';

import { signedToken } from '../../nodes/shared/kling/account/jwt';
import { REFUSED_HERE, rejectionOf } from './helpers';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const SECRET = 'a secret key that is long enough for HS256';
const LIFETIME_MS = 1_800_000;
const MINUTE_MS = 60_000;

const expiryOf = async (token: string, secret = SECRET, nowMs = NOW): Promise<number> => {
	const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), { currentDate: new Date(nowMs) });
	return payload.exp! * 1000;
};

it('is what Kling describes: HS256, with iss, exp and nbf alone', async () => {
	const token = await signedToken('ak-claims', SECRET, NOW);
	expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' });
	const { payload } = await jwtVerify(token, new TextEncoder().encode(SECRET), { currentDate: new Date(NOW) });
	const now = Math.floor(NOW / 1000);
	expect(payload).toEqual({ iss: 'ak-claims', exp: now + 1800, nbf: now - 5 });
});

it('is not accepted with another secret key', async () => {
	const token = await signedToken('ak-secret', SECRET, NOW);
	await expect(expiryOf(token, `${SECRET}!`)).rejects.toThrow('signature verification failed');
});

it.each([
	['at once', 0],
	['after a minute', MINUTE_MS],
	['shortly before the last two minutes', LIFETIME_MS - 2 * MINUTE_MS - 1000],
])('is reused %s', async (name, later) => {
	const accessKey = `ak-reuse ${name}`;
	const token = await signedToken(accessKey, SECRET, NOW);
	expect(await signedToken(accessKey, SECRET, NOW + later)).toBe(token);
});

it.each([
	['two minutes before its end', LIFETIME_MS - 2 * MINUTE_MS],
	['at its end', LIFETIME_MS],
	['long after its end', 10 * LIFETIME_MS],
	['after the clock was set back', -MINUTE_MS],
])('is signed anew %s', async (name, later) => {
	const accessKey = `ak-renew ${name}`;
	const token = await signedToken(accessKey, SECRET, NOW);
	const next = await signedToken(accessKey, SECRET, NOW + later);
	expect(next).not.toBe(token);
	expect(await expiryOf(next, SECRET, NOW + later)).toBe(Math.floor((NOW + later) / 1000) * 1000 + LIFETIME_MS);
});

it('has at least two minutes left, whenever it is asked for', async () => {
	for (let later = 0; later < 3 * LIFETIME_MS; later += 47_000) {
		const nowMs = NOW + later;
		const token = await signedToken('ak-always', SECRET, nowMs);
		expect((await expiryOf(token, SECRET, nowMs)) - nowMs).toBeGreaterThanOrEqual(2 * MINUTE_MS - 1000);
	}
});

it.each([
	['the access key', 'ak-other', SECRET],
	['the secret key', 'ak-one', `${SECRET} changed`],
])('another token for another pair: %s differs', async (_name, accessKey, secretKey) => {
	const token = await signedToken('ak-one', SECRET, NOW);
	expect(await signedToken(accessKey, secretKey, NOW)).not.toBe(token);
});

it('remembers a hundred pairs', async () => {
	const first = await signedToken('ak-kept', SECRET, NOW);
	for (let index = 1; index < 100; index += 1) await signedToken(`ak-few-${index}`, SECRET, NOW);
	expect(await signedToken('ak-kept', SECRET, NOW + 1000)).toBe(first);
});

it('forgets the oldest of more than a hundred pairs', async () => {
	const first = await signedToken('ak-first', SECRET, NOW);
	for (let index = 0; index < 100; index += 1) await signedToken(`ak-many-${index}`, SECRET, NOW);
	expect(await signedToken('ak-first', SECRET, NOW + 1000)).not.toBe(first);
});

it('on a Node.js without Web Crypto says what to do', async () => {
	const { crypto } = globalThis;
	Object.defineProperty(globalThis, 'crypto', { configurable: true, value: undefined });
	try {
		const error = await rejectionOf(signedToken('ak-old-node', SECRET, NOW));
		expect(error.message).toContain('this n8n runs on a Node.js that is too old');
		expect(error.details).toEqual({ ...REFUSED_HERE, description: expect.stringContaining('Node.js 20') });
	} finally {
		Object.defineProperty(globalThis, 'crypto', { configurable: true, value: crypto });
	}
});
