export type AuthenticationName = 'apiKey' | 'accessKey';
export type KeyTestName = 'accountCosts' | 'modelList' | 'emptyCall';

/** One way to reach the Kling API. */
export interface Provider {
	/** The value stored in the credential. */
	name: string;
	displayName: string;
	/** Who should choose it. */
	description: string;
	/** The page that leads to its keys; null where the user knows. */
	keyUrl: string | null;
	/** Scheme and host; null where the user gives a base URL. */
	baseUrl: string | null;
	/** What stands between the host and `/v1/videos/...`. */
	routePrefix: string;
	authentications: readonly AuthenticationName[];
	/** The call that proves a key without spending units. */
	keyTest: KeyTestName;
	/** Whether it makes no talking avatar without a prompt, which Kling itself does. */
	avatarNeedsPrompt?: true;
}

const KEY_ONLY = ['apiKey'] as const;
const KEY_OR_PAIR = ['apiKey', 'accessKey'] as const;

/**
 * All providers, one row each. Sources: the providers' public API references
 * (app.klingai.com/global/dev, apidoc.deerapi.com, apidoc.cometapi.com, api.chainhub.tech).
 */
export const PROVIDERS: readonly Provider[] = [
	{
		name: 'klingGlobal',
		displayName: 'Kling (Global)',
		description: 'Kling itself, outside China. Choose it where you do not know: app.klingai.com is where you sign in.',
		keyUrl: 'https://app.klingai.com/global/dev',
		baseUrl: 'https://api-singapore.klingai.com',
		routePrefix: '',
		authentications: KEY_OR_PAIR,
		keyTest: 'accountCosts',
	},
	{
		name: 'klingChina',
		displayName: 'Kling (China)',
		description: 'Kling itself, in China. Its keys do not work with Kling (Global), nor the other way round.',
		keyUrl: 'https://app.klingai.com/cn/dev',
		baseUrl: 'https://api-beijing.klingai.com',
		routePrefix: '',
		authentications: KEY_OR_PAIR,
		keyTest: 'accountCosts',
	},
	{
		name: 'deerApi',
		displayName: 'DeerAPI',
		description: 'A gateway that resells Kling, with keys and prices of its own',
		keyUrl: 'https://apidoc.deerapi.com',
		baseUrl: 'https://api.deerapi.com',
		routePrefix: '/kling',
		authentications: KEY_ONLY,
		keyTest: 'modelList',
	},
	{
		name: 'cometApi',
		displayName: 'CometAPI',
		description: 'A gateway that resells Kling, with keys and prices of its own',
		keyUrl: 'https://apidoc.cometapi.com',
		baseUrl: 'https://api.cometapi.com',
		routePrefix: '/kling',
		authentications: KEY_ONLY,
		keyTest: 'modelList',
		avatarNeedsPrompt: true,
	},
	{
		name: 'chainHub',
		displayName: 'ChainHub',
		description: 'A gateway that resells Kling, with keys and prices of its own',
		keyUrl: 'https://api.chainhub.tech',
		baseUrl: 'https://api.chainhub.tech',
		routePrefix: '/kling',
		authentications: KEY_ONLY,
		keyTest: 'modelList',
	},
	{
		name: 'custom',
		displayName: 'Custom Gateway',
		description: 'Any other gateway that has the Kling routes, by its base URL',
		keyUrl: null,
		baseUrl: null,
		routePrefix: '',
		authentications: KEY_ONLY,
		keyTest: 'emptyCall',
	},
];
