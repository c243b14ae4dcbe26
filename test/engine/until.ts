import { after } from '../gateway/after';

/** Waits until the condition holds. @throws where it does not within `mostMs` milliseconds */
export async function until(condition: () => boolean, mostMs = 10_000): Promise<void> {
	for (const end = Date.now() + mostMs; !condition(); await after(10)) {
		if (Date.now() >= end) throw new Error(`Not reached within ${mostMs} ms: ${String(condition)}`);
	}
}
