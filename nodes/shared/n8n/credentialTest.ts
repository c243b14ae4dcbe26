import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import type { RawAnswer } from '../kling/answers/answer';
import { connectionFailure, PROVIDER_PEER } from '../kling/answers/connectionFailure';
import { readConnection, type Connection, type CredentialFields } from '../kling/account/connection';
import { KlingError } from '../kling/klingError';
import { judgeKeyTest, keyTestRequest } from '../kling/account/keyTest';
import { causeOf } from './transport';

const TIMEOUT_MS = 20_000;

/** Tells in words whether a credential works, without spending units. */
export async function testCredential(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	try {
		const connection = readConnection((credential.data ?? {}) as CredentialFields);
		const verdict = judgeKeyTest(connection, await send(this.helpers, connection));
		return verdict.good ? { status: 'OK', message: 'The key works' } : { status: 'Error', message: verdict.message };
	} catch (error) {
		return { status: 'Error', message: inWords(error) };
	}
}

function inWords(error: unknown): string {
	if (!(error instanceof KlingError)) return 'The credential could not be tested. Try again.';
	return `${error.message}. ${error.details.description}`;
}

/** A credential test has no other helper than `request`. */
async function send({ request }: ICredentialTestFunctions['helpers'], connection: Connection): Promise<RawAnswer> {
	const { method, url, body } = keyTestRequest(connection, Date.now());
	const authorization = await connection.authorization(Date.now());
	try {
		const response = await request({
			method,
			uri: url,
			body,
			headers: {
				Accept: 'application/json',
				'Content-Type': 'application/json',
				authorization,
			},
			timeout: TIMEOUT_MS,
			followRedirect: false,
			followAllRedirects: false,
			simple: false,
			resolveWithFullResponse: true,
		});
		return { status: response.statusCode, headers: response.headers, body: asBuffer(response.body), cut: false };
	} catch (error) {
		throw connectionFailure(causeOf(error), connection.secrets, PROVIDER_PEER);
	}
}

function asBuffer(body: unknown): Buffer {
	if (Buffer.isBuffer(body)) return body;
	return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
}
