import { KEYS } from './keys';
import type { ExternalIds, Provider, Shape, TaskShape } from './types';

export interface ProviderRow {
	name: Provider;
	/** What stands before `/v1/...`. */
	prefixes: string[];
	key: string;
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

const kling = (name: Provider): ProviderRow => ({
	name,
	prefixes: [''],
	key: KEYS[name],
	isKling: true,
	shape: 'kling',
	taskShape: 'kling',
	externalIds: 'kept',
	listsTasks: true,
	hasNewerForm: true,
	hasSpeech: true,
	errorType: '',
});
const reseller = (
	name: Provider,
	errorType: string,
	answers: Pick<ProviderRow, 'shape' | 'taskShape' | 'externalIds' | 'avatarNeedsPrompt'>,
): ProviderRow => ({
	name,
	prefixes: ['/kling'],
	key: KEYS[name],
	isKling: false,
	listsTasks: false,
	hasNewerForm: false,
	hasSpeech: false,
	errorType,
	...answers,
});

const HOSTS: Record<string, ProviderRow> = {
	'api-singapore.klingai.com': kling('klingGlobal'),
	'api-beijing.klingai.com': kling('klingChina'),
	'api.deerapi.com': reseller('deerApi', 'new_api_error', {
		shape: 'gateway',
		taskShape: 'nested',
		externalIds: 'ignored',
	}),
	'api.cometapi.com': reseller('cometApi', 'comet_api_error', {
		shape: 'gateway',
		taskShape: 'oneVideo',
		externalIds: 'replaced',
		avatarNeedsPrompt: true,
	}),
	'api.chainhub.tech': reseller('chainHub', 'new_api_error', {
		shape: 'faceList',
		taskShape: 'flat',
		externalIds: 'ignored',
	}),
};

/** Relays of the new-api family, which most resellers run: the first over Kling, the second over another one. */
const RELAYS: Record<string, ProviderRow> = {
	'api.relay.test': reseller('relay', 'new_api_error', { shape: 'gateway', taskShape: 'relay', externalIds: 'passedOn' }),
	'api.relay-over-relay.test': reseller('relayOverRelay', 'new_api_error', {
		shape: 'gateway',
		taskShape: 'relayOverRelay',
		externalIds: 'passedOn',
	}),
};

const CUSTOM: ProviderRow = {
	...reseller('custom', 'new_api_error', { shape: 'kling', taskShape: 'kling', externalIds: 'kept' }),
	prefixes: ['', '/kling'],
	listsTasks: true,
	hasNewerForm: true,
	hasSpeech: true,
};

/** The host names that are played, as the certificate and the proxy know them. */
export const PROVIDER_HOSTS = Object.keys({ ...HOSTS, ...RELAYS });

/** Hosts of the outside world that have files only. */
export const FILE_HOSTS = ['api.telegram.org', 'cdn.jsdelivr.net', 'p2-kling.klingai.com'];

/** Whose images, results and videos these are: files only, no API. */
export const isSampleHost = (host: string): boolean =>
	hostName(host).endsWith('.kling-samples.test') || FILE_HOSTS.includes(hostName(host));

/** A Host header's name without its port, in lower case. */
export const hostName = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/** Who is played for this Host header; a host that is not known is the custom gateway. */
export const providerOf = (host: string): ProviderRow => HOSTS[hostName(host)] ?? RELAYS[hostName(host)] ?? CUSTOM;
