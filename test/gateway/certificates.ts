import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCA, createCert } from 'mkcert';
import { FILE_HOSTS, PROVIDER_HOSTS } from './providers';

export interface Certificates {
	/** PEM of the authority. */
	ca: string;
	/** The same as a file, in a temporary folder. */
	caFile: string;
	key: string;
	cert: string;
	/** Removes the file. */
	remove: () => Promise<void>;
}

const OWNER = { countryCode: 'SG', state: 'Test', locality: 'Test', validity: 30 };

/** Makes an authority of its own, and a certificate for every host that is played. */
export async function makeCertificates(): Promise<Certificates> {
	// A name of its own: OpenSSL confuses two authorities that go by the same one.
	const organization = `Local Test Authority ${randomUUID()}`;
	const ca = await createCA({ ...OWNER, organization });
	const domains = ['localhost', '127.0.0.1', ...PROVIDER_HOSTS, ...FILE_HOSTS, '*.kling-samples.test'];
	const { key, cert } = await createCert({ ca, domains, validity: OWNER.validity, organization });
	const folder = await mkdtemp(join(tmpdir(), 'kling-gateway-'));
	const caFile = join(folder, 'ca.pem');
	await writeFile(caFile, ca.cert);
	return { ca: ca.cert, caFile, key, cert, remove: () => rm(folder, { recursive: true, force: true }) };
}
