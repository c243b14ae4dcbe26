import type { IAuthenticate, ICredentialType, Icon, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { PROVIDERS, type Provider } from '../nodes/shared/kling/account/providers';
import { signRequest } from '../nodes/shared/n8n/signRequest';

const providerOptions: INodePropertyOptions[] = PROVIDERS.map(({ name, displayName, description }) => ({
	name: displayName,
	value: name,
	description,
}));
const withAccessKey = PROVIDERS.filter(({ authentications }) => authentications.includes('accessKey')).map(({ name }) => name);
const withBaseUrl = PROVIDERS.filter(({ baseUrl }) => baseUrl === null).map(({ name }) => name);
/** An access key is half of a pair that opens an account: nobody should read it off a screen. */
const hidden = { password: true };

/** The field for the key of a provider, which says where to get one. */
function apiKeyOf({ name, displayName, keyUrl, authentications }: Provider): INodeProperties {
	const from =
		keyUrl === null ? 'The key that the gateway gave you' : `The key from <a href="${keyUrl}" target="_blank">${displayName}</a>`;
	const choice = authentications.includes('accessKey') ? { authentication: ['apiKey'] } : {};
	return {
		displayName: 'API Key',
		name: 'apiKey',
		type: 'string',
		typeOptions: { password: true },
		displayOptions: { show: { provider: [name], ...choice } },
		default: '',
		required: true,
		description: from,
	};
}

export class KlingRecognitionApi implements ICredentialType {
	name = 'klingRecognitionApi';

	displayName = 'Kling API';

	icon: Icon = {
		light: 'file:../nodes/KlingRecognition/klingRecognition.svg',
		dark: 'file:../nodes/KlingRecognition/klingRecognition.dark.svg',
	};

	documentationUrl = 'https://github.com/REPLACE-WITH-OWNER/n8n-nodes-kling-recognition#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Provider',
			name: 'provider',
			type: 'options',
			options: providerOptions,
			default: 'klingGlobal',
			hint: 'If you do not know, choose Kling (Global)',
			description: 'Where your key comes from: Kling itself, or a gateway that offers the Kling API',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			displayOptions: { show: { provider: withAccessKey } },
			options: [
				{ name: 'API Key', value: 'apiKey' },
				{ name: 'Access Key and Secret Key', value: 'accessKey' },
			],
			default: 'apiKey',
			description: 'Which kind of key the Kling developer console gave you',
		},
		...PROVIDERS.map(apiKeyOf),
		{
			displayName: 'Access Key',
			name: 'accessKey',
			type: 'string',
			typeOptions: hidden,
			displayOptions: { show: { provider: withAccessKey, authentication: ['accessKey'] } },
			default: '',
			required: true,
			description: 'The access key of the pair; the node signs a short-lived token from both',
		},
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: { show: { provider: withAccessKey, authentication: ['accessKey'] } },
			default: '',
			required: true,
			description: 'The secret key of the pair; it never leaves this n8n',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			displayOptions: { show: { provider: withBaseUrl } },
			default: '',
			required: true,
			placeholder: 'e.g. https://gateway.example.com/kling',
			description: 'What stands before /v1/videos/... in the URLs of the gateway',
		},
	];

	authenticate: IAuthenticate = signRequest;
}
