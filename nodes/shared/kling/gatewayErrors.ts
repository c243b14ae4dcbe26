import { httpStatusMeaning, SEND_FEWER, SERVICE_CODES, type Meaning } from './serviceCodes';

/** An error that gateways tell in words. */
export interface GatewayError {
	/** Part of its textual code, type or message. */
	says: RegExp;
	meaning: Meaning;
	/** Kling's own code for it. */
	serviceCode?: number;
}

/** What gateways say in words, one row each. Sources: the gateways' error guides, and answers that were seen. */
const GATEWAY_ERRORS: readonly GatewayError[] = [
	{ says: /parallel task over resource pack limit/i, meaning: SERVICE_CODES[1303]!, serviceCode: 1303 },
	{ says: /insufficient_user_quota/i, meaning: httpStatusMeaning(402) },
	{
		says: /upstream_load_saturated/i,
		meaning: { message: 'The gateway has no room at Kling at the moment', remedy: SEND_FEWER, retry: 'notBegun' },
	},
	{
		says: /\bno (available )?channels?\b|\bno_(available_)?channel\b/i,
		meaning: {
			message: 'The gateway has no free channel to Kling',
			remedy: 'Run the item again later. If it happens each time, ask the gateway whether your key may use the Kling routes.',
			retry: 'notBegun',
		},
	},
];

/** The row for what a gateway said, or null. */
export function gatewayErrorIn(words: string): GatewayError | null {
	return GATEWAY_ERRORS.find(({ says }) => says.test(words)) ?? null;
}
