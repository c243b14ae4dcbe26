import type { Arena } from '../contest';
import type { Report } from '../report';
import { cpuOfLargeCalls, cpuOfSmallCalls } from './cpu';
import { growth } from './growth';
import { memory } from './memory';
import { reuse } from './reuse';
import { start } from './start';
import { changingLimit, noLimit, unknownLimit } from './throughput';

/** Every measure by the name that `--only` takes. */
export const MEASURES: Record<string, (arena: Arena) => Promise<Report>> = {
	'unknown-limit': unknownLimit,
	'no-limit': noLimit,
	'changing-limit': changingLimit,
	memory,
	'cpu-small': cpuOfSmallCalls,
	'cpu-large': cpuOfLargeCalls,
	growth,
	reuse,
	start,
};
