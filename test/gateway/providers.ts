import { KEYS } from './keys';
import type { Provider, Shape } from './types';

export interface ProviderRow {
	name: Provider;
	/** What stands before `/v1/...`. */
	prefixes: string[];
	key: string;
	/** Kling's own hosts: access keys, `/account/costs`, and Kling's envelope for every error. */
	isKling: boolean;
	shape: Shape;
	/** `error.type` in the gateways' envelope. */
	errorType: string;
}

const kling = (name: Provider): ProviderRow => ({
	name,
	prefixes: [''],
	key: KEYS[name],
	isKling: true,
	shape: 'kling',
	errorType: '',
});
const reseller = (name: Provider, shape: Shape, errorType: string): ProviderRow => ({
	name,
	prefixes: ['/kling'],
	key: KEYS[name],
	isKling: false,
	shape,
	errorType,
});

const HOSTS: Record<string, ProviderRow> = {
	'api-singapore.klingai.com': kling('klingGlobal'),
	'api-beijing.klingai.com': kling('klingChina'),
	'api.deerapi.com': reseller('deerApi', 'gateway', 'new_api_error'),
	'api.cometapi.com': reseller('cometApi', 'gateway', 'comet_api_error'),
	'api.chainhub.tech': reseller('chainHub', 'faceList', 'new_api_error'),
};

const CUSTOM: ProviderRow = { ...reseller('custom', 'kling', 'new_api_error'), prefixes: ['', '/kling'] };

/** The host names that are played, as the certificate and the proxy know them. */
export const PROVIDER_HOSTS = Object.keys(HOSTS);

/** Whose images, results and videos these are: files only, no API. */
export const isSampleHost = (host: string): boolean => hostName(host).endsWith('.kling-samples.test');

/** A Host header's name without its port, in lower case. */
export const hostName = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/** Who is played for this Host header; a host that is not known is the custom gateway. */
export const providerOf = (host: string): ProviderRow => HOSTS[hostName(host)] ?? CUSTOM;
