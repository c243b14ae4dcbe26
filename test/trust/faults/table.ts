import { BODY_ROWS } from './bodies';
import { connectionRows, PROVIDER } from './connections';
import { GATEWAY_ROWS } from './envelopes';
import { RETRY_AFTER_ROWS } from './retryAfter';
import type { FaultRow } from './row';
import { ODD_CODE_ROWS, SERVICE_CODE_ROWS } from './serviceCodes';
import { STATUS_ROWS } from './statuses';

export { RESULT_FILE_ROWS, SOURCE_FILE_ROWS } from './files';

/** Everything that can go wrong with a call to the provider, one row each. */
export const CALL_ROWS: readonly FaultRow[] = [
	...connectionRows(PROVIDER),
	...STATUS_ROWS,
	...SERVICE_CODE_ROWS,
	...ODD_CODE_ROWS,
	...GATEWAY_ROWS,
	...BODY_ROWS,
	...RETRY_AFTER_ROWS,
];
