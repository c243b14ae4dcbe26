import { setTimeout as after } from 'node:timers/promises';

/** Waits until the condition holds, for so long at most. */
export async function until(condition: () => boolean, mostMs: number): Promise<void> {
	for (const end = Date.now() + mostMs; !condition() && Date.now() < end;) await after(10);
}
