/**
 * Waits this many milliseconds, or until the signal comes. By the global timers, not those of node:timers/promises: where a test lets time run
 * faster, it does so here as well.
 */
export async function after(ms: number, signal?: AbortSignal): Promise<void> {
	if (signal?.aborted) return;
	await new Promise<void>((resolve) => {
		const end = (): void => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', end);
			resolve();
		};
		const timer = setTimeout(end, ms);
		signal?.addEventListener('abort', end);
	});
}
