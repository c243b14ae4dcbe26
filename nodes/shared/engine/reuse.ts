/**
 * Results of identical inputs. Those of a whole execution are kept, so that a loop or n8n's Retry On Fail does not pay
 * twice; failures are shared within one run of the node only.
 */
export class Reuse<T> {
	private readonly thisRun = new Map<string, Promise<T>>();

	/** @param results the successes of the execution so far; added to */
	constructor(private readonly results: Map<string, T>) {}

	/** The result for `key`, present or to come; undefined where nobody has asked for it. */
	find(key: string): Promise<T> | undefined {
		const result = this.results.get(key);
		return result === undefined ? this.thisRun.get(key) : Promise.resolve(result);
	}

	/** Announces that the result for `key` will come. */
	lead(key: string, result: Promise<T>): void {
		this.thisRun.set(key, result);
		result.then(
			(value) => {
				this.results.set(key, value);
				this.thisRun.delete(key);
			},
			() => {
				// Whoever awaits the result handles its failure.
			},
		);
	}
}
