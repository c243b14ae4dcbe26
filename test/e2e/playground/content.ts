import { KEYS } from '../../gateway/keys';
import { CREDENTIAL_TYPE, type Credential } from '../harness/credentials';
import { exampleNames, readExample } from '../harness/examples';
import type { Connection } from '../harness/server';

/** A stored workflow, as the browser opens it. */
export interface Opened {
	name: string;
	url: string;
}

const credential = (name: string, apiKey: string): Credential => ({
	id: '',
	name,
	type: CREDENTIAL_TYPE,
	data: { provider: 'klingGlobal', authentication: 'apiKey', apiKey },
});

/** Of Kling's own provider: one example calls it by its host name. */
const LOCAL_GATEWAY = credential('Local gateway', KEYS.klingGlobal);
const WRONG_KEY = credential('Wrong key, to see an error', 'kg-no-key-of-anybody');

/** Stores the credentials, and the examples with the local gateway chosen in each node that calls Kling. */
export async function fill(server: Connection): Promise<Opened[]> {
	const { id } = await server.createCredential(LOCAL_GATEWAY);
	await server.createCredential(WRONG_KEY);
	const opened: Opened[] = [];
	for (const example of exampleNames().map(readExample)) {
		for (const { credentials } of example.nodes) {
			if (credentials?.[CREDENTIAL_TYPE]) credentials[CREDENTIAL_TYPE] = { id, name: LOCAL_GATEWAY.name };
		}
		const stored = await server.createWorkflow(example);
		opened.push({ name: stored.name, url: `${server.url}/workflow/${stored.id}` });
	}
	return opened;
}
