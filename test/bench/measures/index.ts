import type { Arena } from '../contest';
import type { Report } from '../report';
import { freeApart, manyApart, memoryApart, sixtyApart } from './apart';
import { beside, congestion } from './beside';
import { cpuOfLargeCalls, cpuOfSmallCalls } from './cpu';
import { grid } from './grid';
import { growth } from './growth';
import { hostile } from './hostile';
import { memory } from './memory';
import { reuse } from './reuse';
import { smallAccounts } from './smallAccounts';
import { start } from './start';
import { memoryOfTasks, tasks } from './tasks';
import { changingLimit, noLimit, unknownLimit } from './throughput';
import { turns } from './turns';

/** Every measure by the name that `--only` takes. */
export const MEASURES: Record<string, (arena: Arena) => Promise<Report>> = {
	'unknown-limit': unknownLimit,
	grid,
	beside,
	congestion,
	'small-accounts': smallAccounts,
	'sixty-apart': sixtyApart,
	'many-apart': manyApart,
	'free-apart': freeApart,
	'no-limit': noLimit,
	'changing-limit': changingLimit,
	memory,
	'memory-apart': memoryApart,
	'cpu-small': cpuOfSmallCalls,
	'cpu-large': cpuOfLargeCalls,
	growth,
	turns,
	reuse,
	hostile,
	tasks,
	'tasks-memory': memoryOfTasks,
	start,
};
