import type { Reply } from '../client';

/** What an answer looks like, without what differs from call to call. */
export interface Outline {
	status: number;
	/** `code`, or `error.code`; undefined where there is none. */
	code: unknown;
	/** What kind of value stands at each path, e.g. `data.task_result.videos[].url`: `text`. */
	kinds: Map<string, Set<string>>;
	/** The word for a task's state, where there is one. */
	state?: string;
}

/** The outline of an answer; one that is not JSON has one kind, at the path `body`. */
export function outlineOf(reply: Reply): Outline {
	const kinds = new Map<string, Set<string>>();
	const json = parsed(reply);
	if (json === undefined) return { status: reply.status, code: undefined, kinds: kinds.set('body', new Set(['no JSON'])) };
	collect(json, '', kinds);
	return { status: reply.status, code: codeOf(json), kinds, state: stateWord(json) };
}

function parsed(reply: Reply): unknown {
	try {
		return reply.json();
	} catch {
		return undefined;
	}
}

function codeOf(json: any): unknown {
	return json?.code ?? json?.error?.code;
}

function stateWord(json: any): string | undefined {
	const { data } = json ?? {};
	const word = data?.task_status ?? data?.data?.task_status ?? data?.status ?? data?.[0]?.status;
	return typeof word === 'string' ? word : undefined;
}

function collect(value: unknown, path: string, kinds: Map<string, Set<string>>): void {
	if (path !== '') kinds.set(path, (kinds.get(path) ?? new Set()).add(kindOf(value)));
	if (Array.isArray(value)) for (const item of value) collect(item, `${path}[]`, kinds);
	else if (typeof value === 'object' && value !== null)
		for (const [name, item] of Object.entries(value)) collect(item, path === '' ? name : `${path}.${name}`, kinds);
}

function kindOf(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'list';
	return { string: 'text', number: 'number', boolean: 'boolean' }[typeof value as string] ?? 'object';
}

const ENDED = /^(succeed|succeeded|success|completed|failed|failure|error)$/i;

/** Whether an answer says that a task is at its end. */
export const hasEnded = ({ state }: Outline): boolean => state !== undefined && ENDED.test(state);

/** Whether an answer has any other word for the state of a task. */
export const isUnderWay = (outline: Outline): boolean => outline.state !== undefined && !hasEnded(outline);

/** What differs between the gateway's answer and the provider's, one sentence each; none where they are alike. */
export function differences(gateway: Outline, provider: Outline): string[] {
	const paths = new Set([...gateway.kinds.keys(), ...provider.kinds.keys()]);
	return [
		...told('HTTP status', gateway.status, provider.status),
		...told('code', gateway.code, provider.code),
		...(areBothRunning(gateway, provider) ? [] : told('state', gateway.state, provider.state)),
		...[...paths].flatMap((path) => told(path, words(gateway.kinds.get(path)), words(provider.kinds.get(path)))),
	];
}

/** How far a task has come is no difference. */
const areBothRunning = (...outlines: Outline[]): boolean =>
	outlines.every(({ state }) => state === 'submitted' || state === 'processing');

const words = (kinds: Set<string> | undefined): string | undefined => kinds && [...kinds].sort().join(' or ');

const told = (what: string, gateway: unknown, provider: unknown): string[] =>
	gateway === provider ? [] : [`${what}: ${gateway ?? 'none'} at the gateway, ${provider ?? 'none'} at the provider`];
