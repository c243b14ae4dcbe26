import { randomUUID } from 'node:crypto';
import { createCA, createCert } from 'mkcert';
import { FILE_HOSTS, PROVIDER_HOSTS } from './providers';

/** All as PEM. */
export interface Certificates {
	/** The authority that signed the certificate. */
	ca: string;
	key: string;
	cert: string;
}

/** Who vouches for a server: an authority that the tests trust, or one that nobody knows. */
export type Authority = 'trusted' | 'stranger';

const OWNER = { countryCode: 'SG', state: 'Test', locality: 'Test', validity: 30 };

/** Makes an authority of its own, and a certificate for every host that is played. */
async function makeCertificates(): Promise<Certificates> {
	// A name of its own: OpenSSL confuses two authorities that go by the same one.
	const organization = `Local Test Authority ${randomUUID()}`;
	const ca = await createCA({ ...OWNER, organization });
	const domains = ['localhost', '127.0.0.1', ...PROVIDER_HOSTS, ...FILE_HOSTS, '*.kling-samples.test'];
	const { key, cert } = await createCert({ ca, domains, validity: OWNER.validity, organization });
	return { ca: ca.cert, key, cert };
}

/** Where a run of the tests leaves them for its suites, as JSON. */
const OF_THE_RUN = 'KLING_TEST_CERTIFICATES';

/** The certificates of an authority: new ones, but in a run of the tests, where they are made once. */
export async function certificatesOf(authority: Authority): Promise<Certificates> {
	const made = process.env[OF_THE_RUN];
	return made ? (JSON.parse(made) as Record<Authority, Certificates>)[authority] : await makeCertificates();
}

/** Once for all suites: signing takes 0.3 s, and in the sandbox of a suite, where every look at a global is slow, 4 s. */
export async function makeCertificatesForTheRun(): Promise<void> {
	const made: Record<Authority, Certificates> = { trusted: await makeCertificates(), stranger: await makeCertificates() };
	process.env[OF_THE_RUN] = JSON.stringify(made);
}
