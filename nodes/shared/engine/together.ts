import type { Clock } from './clock';

/** Questions of the same moment, put in one: so many at most. */
export class Together<T> {
	private gathering: { keys: Set<string>; answers: Promise<ReadonlyMap<string, T>> } | null = null;

	constructor(
		private readonly clock: Clock,
		private readonly most: number,
	) {}

	/**
	 * Asks for one, with all others that are asked for in this turn of the event loop.
	 * @param askAll asks for all of them; that of the first is used
	 * @returns what was answered; undefined where nothing was said of it
	 * @throws whatever `askAll` throws, to each
	 */
	async ask(key: string, askAll: (keys: string[]) => Promise<ReadonlyMap<string, T>>): Promise<T | undefined> {
		const gathering = this.gathering && this.gathering.keys.size < this.most ? this.gathering : this.gather(askAll);
		gathering.keys.add(key);
		return (await gathering.answers).get(key);
	}

	private gather(askAll: (keys: string[]) => Promise<ReadonlyMap<string, T>>) {
		const keys = new Set<string>();
		const answers = this.clock.nextTurn().then(async () => {
			this.gathering = null;
			return await askAll([...keys]);
		});
		this.gathering = { keys, answers };
		return this.gathering;
	}
}
