/** What a person and a workflow learn about an item that failed. */
export interface FailureDetails {
	/** How to solve it: the sentence under n8n's error message. */
	description: string;
	/** Kling's service code (the body's `code`), where one came. */
	serviceCode: number | null;
	/** HTTP status of the last answer, where one came. */
	httpStatus: number | null;
	/** The provider's id of the request, for its support. */
	requestId: string | null;
	/** How many requests were sent to the provider for the item; 0 where it was refused here. */
	attempts: number;
	/** Whether the same request may succeed later. */
	retryable: boolean;
	/** The task that the failure is about, where one may exist: its id, where that is known, and the id that it was created with here. */
	taskId?: string;
	externalTaskId?: string;
}

/**
 * What a failed request came to, where that is a question of money: it cannot have arrived; it was refused, so that nothing was begun;
 * what it would create exists already; what it names does not exist; or nobody knows.
 */
export type Effect = 'unsent' | 'refused' | 'exists' | 'notFound' | 'unclear';

/** What decides about what comes next, beside `retryable`. */
export interface FailureHandling {
	effect: Effect;
	/** The account or the provider is overloaded: send fewer at once. */
	congestion: boolean;
	/** The answer says that the call was never begun: it cost nothing. */
	notBegun: boolean;
	/** The wait that the provider asked for, in milliseconds. */
	retryAfterMs: number | null;
	/** The shortest wait before the next try, in milliseconds. */
	minimumWaitMs: number;
	/** The provider's own words, fit to be shown; empty where there are none. */
	said: string;
	/** Whether people get to see the answer without asking for it, because nothing else tells what became of what was paid. */
	showsRaw: boolean;
}

const PLAIN: FailureHandling = {
	effect: 'unclear',
	congestion: false,
	notBegun: false,
	retryAfterMs: null,
	minimumWaitMs: 0,
	said: '',
	showsRaw: false,
};

/**
 * The one error type of this package: every failure, whether an input refused here or an answer of
 * the provider, becomes one of these before it becomes an n8n error.
 */
export class KlingError extends Error {
	override readonly name = 'KlingError';
	/** What the engine goes by. */
	readonly handling: FailureHandling & { retryable: boolean };

	/**
	 * @param message what happened
	 * @param readRaw gives the answer that could not be used, without secrets. It is called where someone asks: a failure that is
	 * tried again needs no copy of its answer, and no log gets one by itself.
	 */
	constructor(
		message: string,
		readonly details: FailureDetails,
		handling: Partial<FailureHandling> = {},
		private readonly readRaw: () => unknown = () => undefined,
	) {
		super(message);
		this.handling = { ...PLAIN, ...handling, retryable: details.retryable };
	}

	/** How many requests were sent. */
	get sent(): number {
		return this.details.attempts;
	}

	/** The answer as it came, parsed or as text, without secrets and image data; undefined where none came. */
	get raw(): unknown {
		return this.readRaw();
	}

	/** The same failure after `attempts` requests; about the task that the attempt before may have begun, unless it names one itself. */
	afterAttempts(attempts: number, last: KlingError | null = null): KlingError {
		const { taskId, externalTaskId } = { ...last?.details, ...this.details };
		return this.with({ attempts, ...(taskId && { taskId }), ...(externalTaskId && { externalTaskId }) });
	}

	/** The same failure, of which something else is to be said. */
	with(details: Partial<FailureDetails>, message = this.message): KlingError {
		return new KlingError(message, { ...this.details, ...details }, this.handling, this.readRaw);
	}
}

/**
 * An input or a setting that is refused here, before anything is sent.
 * @param message what is wrong, with the actual value
 * @param description how to solve it
 */
export function refusal(message: string, description: string): KlingError {
	const details = { description, serviceCode: null, httpStatus: null, requestId: null, attempts: 0, retryable: false };
	return new KlingError(message, details, { effect: 'unsent' });
}

/**
 * Whatever was thrown, as the one error type. An error of n8n's helpers, or one that nothing here expects, becomes one, so that the item is not lost. n8n writes its
 * texts for people: they are kept, its other fields are not, because they can hold parameters and data.
 */
export function asKlingError(error: unknown): KlingError {
	if (error instanceof KlingError) return error;
	const { message, description } = (error ?? {}) as { message?: unknown; description?: unknown };
	return refusal(
		typeof message === 'string' && message !== '' ? message : 'The item could not be processed',
		typeof description === 'string' ? description : 'Check the parameters of the node for this item.',
	);
}
