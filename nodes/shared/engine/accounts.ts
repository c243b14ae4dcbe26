import { Account } from './account';
import { BufferPool } from './bufferPool';
import type { Clock } from './clock';

/** What was learnt of an account is worth something for so long after its last run, in milliseconds. */
const KEPT_MS = 600_000;
/** Accounts without a run that are remembered at most. */
const MOST_KEPT = 100;

/** The accounts of a process, each with its one gate. */
export class Accounts {
	/** By key, the one that was asked for last at the end. */
	private readonly accounts = new Map<string, Account>();
	/** Buffers for the bodies of all of them. */
	readonly pool = new BufferPool();

	constructor(private readonly clock: Clock) {}

	/**
	 * The account of a key, with all that was learnt of it.
	 * @param key tells accounts apart; a digest, never a secret
	 */
	account(key: string): Account {
		this.letGo();
		const account = this.accounts.get(key) ?? new Account(this.clock);
		this.accounts.delete(key);
		this.accounts.set(key, account);
		return account;
	}

	/** Forgets accounts that nobody uses: those of long ago, and the oldest where there are too many. */
	private letGo(): void {
		const idle = [...this.accounts].filter(([, account]) => !account.inUse);
		const tooMany = idle.length - MOST_KEPT + 1;
		idle.forEach(([key, { lastUsed }], index) => {
			if (index < tooMany || this.clock.now() - lastUsed > KEPT_MS) this.accounts.delete(key);
		});
	}
}
