/** Something that each execution has for each of its accounts, kept as long as n8n keeps the execution. */
export class PerExecution<T> {
	private readonly executions = new WeakMap<AbortSignal, Map<string, T>>();

	/** @param make makes a new one */
	constructor(private readonly make: () => T) {}

	/**
	 * That of an execution, shared by all its nodes and runs.
	 * @param execution what lives as long as the execution
	 * @param account whose it is: what one account knows is unknown to another
	 */
	of(execution: AbortSignal, account: string): T {
		const accounts = this.executions.get(execution) ?? new Map<string, T>();
		const own = accounts.get(account) ?? this.make();
		this.executions.set(execution, accounts.set(account, own));
		return own;
	}
}
