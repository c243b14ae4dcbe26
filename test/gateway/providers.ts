import type { ExternalIds, Shape, TaskShape } from './types';

interface Row {
	/** The host name that it is played by; null where it goes by the gateway's own address. */
	host: string | null;
	/** The good API key: nothing else is accepted. No word of eight letters that a text may hold stands in one. */
	key: string;
	/** What stands before `/v1/...`. */
	prefixes: readonly string[];
	/** Kling's own hosts: access keys, `/account/costs`, and Kling's envelope for every error. */
	isKling: boolean;
	shape: Shape;
	/** How its answers about tasks are written. The resellers' own documents differ; each form is met at one of them. */
	taskShape: TaskShape;
	externalIds: ExternalIds;
	/** Whether tasks can be listed. No reseller's document has that. */
	listsTasks: boolean;
	/** Whether it has the newer form, and Text to Speech. No reseller's document has the first. */
	hasNewerForm: boolean;
	hasSpeech: boolean;
	/** Whether a talking avatar needs a prompt, as CometAPI documents it. */
	avatarNeedsPrompt?: boolean;
	/** `error.type` in the gateways' envelope. */
	errorType: string;
}

/** What Kling itself documents. */
const KLING = {
	prefixes: [''],
	isKling: true,
	shape: 'kling',
	taskShape: 'kling',
	externalIds: 'kept',
	listsTasks: true,
	hasNewerForm: true,
	hasSpeech: true,
	errorType: '',
} as const;

/** What most resellers document. */
const RESELLER = {
	prefixes: ['/kling'],
	isKling: false,
	shape: 'gateway',
	taskShape: 'nested',
	externalIds: 'ignored',
	listsTasks: false,
	hasNewerForm: false,
	hasSpeech: false,
	errorType: 'new_api_error',
} as const;

/** A relay of the new-api family, which most resellers run. */
const RELAY = { ...RESELLER, externalIds: 'passedOn' } as const;

/** Who is played, one row each: the credential's providers by their names, and two that are custom gateways there. */
const ROWS = {
	klingGlobal: { ...KLING, host: 'api-singapore.klingai.com', key: 'kg-good-key-of-kling-global-5f0c1a' },
	klingChina: { ...KLING, host: 'api-beijing.klingai.com', key: 'kc-good-key-of-kling-china-7be24d' },
	deerApi: { ...RESELLER, host: 'api.deerapi.com', key: 'sk-good-key-of-deer-91d3ce' },
	cometApi: {
		...RESELLER,
		host: 'api.cometapi.com',
		key: 'sk-good-key-of-comet-c40a77',
		taskShape: 'oneVideo',
		externalIds: 'replaced',
		avatarNeedsPrompt: true,
		errorType: 'comet_api_error',
	},
	chainHub: {
		...RESELLER,
		host: 'api.chainhub.tech',
		key: 'sk-good-key-of-chain-2e86bf',
		shape: 'faceList',
		taskShape: 'flat',
	},
	/** Over Kling. */
	relay: { ...RELAY, host: 'api.relay.test', key: 'sk-good-key-of-relay-64af19', taskShape: 'relay' },
	/** Over another relay. */
	relayOverRelay: {
		...RELAY,
		host: 'api.relay-over-relay.test',
		key: 'sk-good-key-of-relay-over-relay-8c05e2',
		taskShape: 'relayOverRelay',
	},
	custom: {
		...KLING,
		host: null,
		key: 'sk-good-key-of-custom-gateway-d8137a',
		prefixes: ['', '/kling'],
		isKling: false,
		errorType: 'new_api_error',
	},
} satisfies Record<string, Row>;

/** Who the gateway plays. */
export type Provider = keyof typeof ROWS;
export type ProviderRow = Row & { name: Provider };

/** What is played of a provider. */
export const rowOf = (name: Provider): ProviderRow => ({ name, ...ROWS[name] });

/** All of them. */
export const PLAYED = (Object.keys(ROWS) as Provider[]).map(rowOf);

export const isRelay = ({ taskShape }: ProviderRow): boolean => taskShape.startsWith('relay');

/** Those that resell Kling, as the credential names them. */
export const RESELLERS = PLAYED.filter((row) => !row.isKling && row.host !== null && !isRelay(row)).map(({ name }) => name);

/** The host names that are played, as the certificate and the proxy know them. */
export const PROVIDER_HOSTS = PLAYED.flatMap(({ host }) => host ?? []);

/** Hosts of the outside world that have files only. */
export const FILE_HOSTS = ['api.telegram.org', 'cdn.jsdelivr.net', 'p2-kling.klingai.com'];

/** Whose images, results and videos these are: files only, no API. */
export const isSampleHost = (host: string): boolean =>
	hostName(host).endsWith('.kling-samples.test') || FILE_HOSTS.includes(hostName(host));

/** A Host header's name without its port, in lower case. */
export const hostName = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/** Who is played for this Host header; a host that is not known is the custom gateway. */
export const providerOf = (host: string): ProviderRow => PLAYED.find((row) => row.host === hostName(host)) ?? rowOf('custom');
