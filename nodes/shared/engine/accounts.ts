import { Account } from './account';
import type { Clock } from './clock';
import type { AsFailure } from './failure';

/** What was learnt of an account is worth something for so long after its last run, in milliseconds. */
const KEPT_MS = 600_000;
/** Accounts without a run that are remembered at most. */
const MOST_KEPT = 100;

/** The accounts of a process. */
export class Accounts {
	/** By key, the one that was asked for last at the end. */
	private readonly accounts = new Map<string, Account>();

	constructor(
		private readonly clock: Clock,
		private readonly asFailure: AsFailure,
	) {}

	/**
	 * The account of a key, with all that was learnt of it.
	 * @param key tells accounts apart; a digest, never a secret
	 */
	account(key: string): Account {
		this.forget(({ lastUsed }) => this.clock.now() - lastUsed > KEPT_MS);
		const account = this.accounts.get(key) ?? new Account(this.clock, this.asFailure);
		this.accounts.delete(key);
		this.accounts.set(key, account);
		this.forget((_account, younger) => younger >= MOST_KEPT);
		return account;
	}

	/** @param isOver of an account that nobody uses; `younger` of these were asked for after it */
	private forget(isOver: (account: Account, younger: number) => boolean): void {
		const idle = [...this.accounts].filter(([, { inUse }]) => !inUse).reverse();
		for (const [younger, [key, account]] of idle.entries()) if (isOver(account, younger)) this.accounts.delete(key);
	}
}
