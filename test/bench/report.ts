/** Whether a target was reached. */
export interface Verdict {
	what: string;
	reached: string;
	must: string;
	met: boolean;
}

/** What one measure found. */
export interface Report {
	title: string;
	/** What was done, in words. */
	work: string;
	columns: string[];
	rows: string[][];
	verdicts: Verdict[];
	/** What has to be known to read the figures. */
	notes: string[];
}

/** Compares a figure with the most that it may be. */
export function atMost(what: string, reached: number, most: number, write: (value: number) => string): Verdict {
	return { what, reached: write(reached), must: `at most ${write(most)}`, met: reached <= most };
}

export const times = (value: number): string => `${value.toFixed(2)} ×`;
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
export const milliseconds = (ms: number): string => `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MB`;
export const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
export const plain = (value: number): string => String(value);
