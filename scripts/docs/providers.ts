import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PROVIDERS, type Provider } from '../../nodes/shared/kling/account/providers';

/** Where users read which providers there are. */
const LISTS = ['README.md', 'docs/providers.md', '.github/ISSUE_TEMPLATE/bug_report.yml'];
/** By what they find the nodes in n8n: gateways by their names, Kling by its own. */
const ALIASES = ['nodes/KlingGeneration/KlingGeneration.node.json', 'nodes/KlingRecognition/KlingRecognition.node.json'];

const isGateway = ({ baseUrl, authentications }: Provider): boolean => baseUrl !== null && !authentications.includes('accessKey');

/** Checks that every provider of the credential is named wherever users read of them. @returns one text for each problem */
export function checkProviders(root: string): string[] {
	const missing = (files: string[], providers: readonly Provider[]): string[] =>
		files.flatMap((file) => {
			const text = readFileSync(join(root, file), 'utf8');
			return providers
				.filter(({ displayName }) => !text.includes(displayName))
				.map(({ displayName }) => `${file} does not name the provider ${displayName}`);
		});
	return [...missing(LISTS, PROVIDERS), ...missing(ALIASES, PROVIDERS.filter(isGateway))];
}
