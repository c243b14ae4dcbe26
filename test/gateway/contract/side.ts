import { randomUUID } from 'node:crypto';
import { after } from '../after';
import { sampleBytes } from '../../samples/manifest';
import { readConnection, type CredentialFields } from '../../../nodes/shared/kling/account/connection';
import { ACCESS, KEYS, type Provider } from '..';
import type { Client, Reply } from '../client';
import type { Check, Memory } from './checks';
import { isUnderWay, outlineOf } from './outline';

/** What a person gives beside the key. */
export interface Subjects {
	imageUrl?: string;
	videoUrl?: string;
}

/** What the local gateway takes in place of a provider's own credential: one of the same kind. */
export function localCredential({ provider, authentication }: CredentialFields): CredentialFields {
	const name = provider as Provider;
	return authentication === 'accessKey'
		? { provider, authentication, ...ACCESS }
		: { provider, authentication: 'apiKey', apiKey: KEYS[name] };
}

const LONGEST_TASK_MS = 20 * 60_000;

/** The gateway or the provider: where checks are sent, and what came of them. */
export class Side {
	private readonly memory: Memory;

	/** @throws KlingError where the credential makes no sense */
	constructor(
		private readonly client: Client,
		credential: CredentialFields,
		{ imageUrl, videoUrl }: Subjects,
		private readonly askEveryMs = 5000,
	) {
		this.memory = {
			connection: readConnection(credential),
			image: imageUrl ?? sampleBytes('portrait.jpg').toString('base64'),
			videoUrl,
			externalId: `contract-${randomUUID()}`,
			taskIds: new Map(),
		};
	}

	/** What no text may repeat. */
	get secrets(): string[] {
		return this.memory.connection.secrets;
	}

	/** Whether all is there that a check needs. */
	canSend = (check: Check): boolean => check.call(this.memory) !== undefined;

	/** Sends a check. @throws undici's error where no whole answer comes */
	async send(check: Check): Promise<Reply> {
		const until = Date.now() + LONGEST_TASK_MS;
		let reply = await this.sendOnce(check);
		while (check.untilEnd && isUnderWay(outlineOf(reply)) && Date.now() < until) {
			await after(this.askEveryMs);
			reply = await this.sendOnce(check);
		}
		if (reply.status === 200) learn(check, reply, this.memory);
		return reply;
	}

	private async sendOnce(check: Check): Promise<Reply> {
		const { method, url, body } = check.call(this.memory)!;
		const authorization = await this.memory.connection.authorization(Date.now());
		const key = { none: '', wrong: 'nobodys-key', good: authorization.replace(/^Bearer /, '') }[check.key ?? 'good'];
		const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
		return await this.client.send(url, { method, key, body, headers, signal: AbortSignal.timeout(120_000) });
	}
}

function learn(check: Check, reply: Reply, memory: Memory): void {
	try {
		check.learn?.(reply.json(), memory);
	} catch {
		// What cannot be read teaches nothing; that it is unlike the gateway's answer is told anyway.
	}
}
