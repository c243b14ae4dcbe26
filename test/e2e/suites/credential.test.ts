import type { Gateway } from '../../gateway';
import { PROVIDERS } from '../../../nodes/shared/kling/account/providers';
import { ACCESS, KEYS } from '../../gateway/keys';
import { allCredentials, CREDENTIAL_TYPE, useCredential, type Credential, type CredentialName } from '../harness/credentials';
import type { Server } from '../harness/server';
import { CLOSES_MS, OPENS_MS, openStand, type Stand } from '../harness/stand';
import { kling, manualStart, sampleUrl, workflow, type NodeDraft } from '../harness/workflows';

const HERE = 'api-singapore.klingai.com';
const ELSEWHERE = 'api.cometapi.com';
const SIGNED: CredentialName[] = ['klingGlobal', 'globalAccessKey'];

let stand: Stand;
let gateway: Gateway;
let server: Server;

const httpRequest = (use: CredentialName): NodeDraft => ({
	name: 'Request',
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	credentials: useCredential(use),
	onError: 'continueRegularOutput',
	parameters: {
		method: 'POST',
		url: `https://${HERE}/v1/videos/image-recognize`,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: CREDENTIAL_TYPE,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: JSON.stringify({ image: sampleUrl('garment.jpg') }),
		options: { redirect: { redirect: { followRedirects: true, maxRedirects: 5 } } },
	},
});

const flows = Object.fromEntries(
	SIGNED.flatMap((use) => [
		[`${use} HTTP`, workflow(`${use}Http`, [manualStart(), httpRequest(use)])],
		[`${use} Kling`, workflow(`${use}Kling`, [manualStart(), kling('Request', { imageUrl: sampleUrl('garment.jpg') }, use)])],
	]),
);

beforeAll(async () => {
	stand = await openStand('credential');
	({ gateway, server } = stand);
}, OPENS_MS);

afterAll(async () => await stand?.close(), CLOSES_MS);

beforeEach(() => gateway.reset());

const good = (name: CredentialName): Credential => allCredentials(gateway).find((credential) => credential.name === name)!;

/** Good credentials, and what a wrong one has in the place of the key. */
const KEY_TESTS: Array<[CredentialName, Record<string, string>]> = [
	...PROVIDERS.map(({ name }): [CredentialName, Record<string, string>] => [name, { apiKey: 'sk-bad-key-of-nobody' }]),
	['globalAccessKey', { secretKey: 'SK-bad-secret-key-that-is-long-enough-too' }],
];

test.each(KEY_TESTS)('the credential test tells a good key from a bad one, without a paid call: %s', async (name, wrong) => {
	const credential = good(name);
	expect((await server.testCredential(credential)).status).toBe('OK');
	const bad = await server.testCredential({ ...credential, data: { ...credential.data, ...wrong } });
	expect(bad.status).toBe('Error');
	expect(gateway.requests.filter(({ path, status }) => /recognize|identify/.test(path) && status === 200)).toEqual([]);
});

/** Every request that came, by its host, with whatever of the credential it carried. */
const carried = (): Array<[string, string[]]> =>
	[...gateway.requests, ...gateway.downloads].map(({ host, path, headers, json }) => {
		const text = JSON.stringify([path, headers, json]);
		const secrets = [...Object.values(KEYS), ACCESS.accessKey, ACCESS.secretKey].filter((secret) => text.includes(secret));
		return [host, [...secrets, ...(/bearer|eyJ/i.exec(text) ?? [])]];
	});

describe.each(SIGNED)('%s', (use) => {
	test.each([302, 307])(
		'a redirect to another host (HTTP %d) gets nothing of the key from the HTTP Request node',
		async (status) => {
			const location = `https://${ELSEWHERE}/kling/v1/videos/image-recognize`;
			gateway.control({ faults: [{ kind: 'redirect', status, location, times: 1 }] });
			await server.execute(flows[`${use} HTTP`]!);
			const [first, ...further] = carried();
			expect(first).toEqual([HERE, expect.arrayContaining([expect.stringMatching(/\S/)])]);
			expect(further).toEqual([[ELSEWHERE, []]]);
		},
	);

	test('Kling Recognition follows no redirect', async () => {
		gateway.control({
			faults: [{ kind: 'redirect', status: 307, location: `https://${ELSEWHERE}/kling/v1/videos/image-recognize` }],
		});
		const result = await server.execute(flows[`${use} Kling`]!);
		expect(result.status).toBe('error');
		expect(carried().map(([host]) => host)).toEqual([HERE]);
	});
});
