import { httpStatusMeaning, SEND_FEWER, SERVICE_CODES, type Meaning } from './serviceCodes';

/** An error that is told in words. */
export interface SaidError {
	/** Part of its textual code, type or message. */
	says: RegExp;
	meaning: Meaning;
	/** Kling's own code for it. */
	serviceCode?: number;
}

/**
 * What gateways say in words, one row each. Sources: the gateways' error guides, the public source of the relay that most of them run
 * (QuantumNous/new-api), and answers that were seen.
 */
const SAID_ERRORS: readonly SaidError[] = [
	{ says: /parallel task over resource pack limit/i, meaning: SERVICE_CODES[1303]!, serviceCode: 1303 },
	{ says: /insufficient_user_quota/i, meaning: httpStatusMeaning(402) },
	{
		says: /upstream_load_saturated/i,
		meaning: { message: 'The gateway has no room at Kling at the moment', remedy: SEND_FEWER, retry: 'notBegun' },
	},
	{
		// It seldom passes: it counts as an attempt, though nothing was begun. A relay that says so of its own retry had begun before.
		says: /^(?![^]*[(（]retry[)）])[^]*(\bno (available )?channels?\b|\bno_(available_)?channel\b|\bmodel_not_found\b|无可用渠道)/i,
		meaning: {
			message: 'The gateway has no channel for this model',
			remedy:
				'Your key has no channel for this model there. Choose another model or credential, or ask the gateway what the key may use.',
			retry: 'backoff',
			isRefusal: true,
			keyAccepted: true,
		},
	},
];

/** The row for what was said, or null. */
export function saidIn(words: string): SaidError | null {
	return SAID_ERRORS.find(({ says }) => says.test(words)) ?? null;
}

/** The words for a task that does not exist. Sources: seen at Kling, with the code 1201; the relay's `task_not_exist`, and its Chinese. */
const NOT_FOUND = /\bnot found by id\b|\btask[_ ](is )?not[_ ](exists?|found)\b|\btask does(n't| not) exist|任务不存在/i;

/** Whether words say that there is no such task. */
export function saysNotFound(words: string): boolean {
	return NOT_FOUND.test(words);
}

/** The field of a task's external id, in whichever spelling, or such an id as this package makes. */
const EXTERNAL_ID = /external[\W_]*(task[\W_]*)?id|\bn8n-[\da-f]{32}/i;
const EXISTS = /exist|duplicat|unique|(already|been|in)[\s_]+(used|use|taken)|conflict|已存在|重复/i;

/**
 * Whether words say that a task with this external id is there already: in an answer that refuses a create, whatever names the id or its field
 * does. Source: "External_task_id ... already exists", seen with the code 1201; others have other words for it.
 * @param isRefusal whether the answer says that nothing was created
 */
export function saysExists(words: string, isRefusal: boolean): boolean {
	return EXTERNAL_ID.test(words) && (isRefusal || EXISTS.test(words));
}
