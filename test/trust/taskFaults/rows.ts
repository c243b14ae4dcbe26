import { NAMED_FAULTS, type Fault, type TaskScript } from '../../gateway';

/** What has to come of a fault. */
export interface Outcome {
	/** The error's message, word for word; null where the item succeeds all the same. */
	message: string | null;
	/** Creates sent, and tasks that were made, each of them paid for. */
	creates: number;
	tasks: number;
}

/** One fault on the way of a task, at Kling itself and at a gateway. */
export interface TaskFaultRow {
	section: string;
	/** Part of the image's URL that stands for it; no other row has it. */
	id: string;
	/** What happens, in words. */
	fault: string;
	faults: Fault[];
	/** What becomes of the task itself. */
	script?: Omit<TaskScript, 'match'>;
	/** Max Wait, in minutes, where the fault outlasts it. */
	maxWait?: number;
	/** Timeout, in seconds, where no answer comes. */
	timeout?: number;
	kling: Outcome;
	/** In Kling's newer form, where that differs. */
	newer?: Outcome;
	gateway: Outcome;
}

type Told = Pick<TaskFaultRow, 'kling' | 'gateway'>;

const FINISHED: Outcome = { message: null, creates: 1, tasks: 1 };
const UNCLEAR: Outcome = {
	message: 'The Image to Video task may have been created, but the provider gave no clear answer',
	creates: 1,
	tasks: 1,
};
const MISSING = 'The Image to Video task was created before, but cannot be found';
const both = (outcome: Partial<Outcome>): Told => {
	const one = { ...FINISHED, ...outcome };
	return { kling: one, gateway: one };
};
const finished = both({});
/** Nobody says whether there is a task: Kling knows its external id, a gateway need not. */
const made: Told = { kling: FINISHED, gateway: UNCLEAR };
const notMade: Told = { kling: { ...FINISHED, creates: 2 }, gateway: { ...UNCLEAR, tasks: 0 } };
/** Turned away twice, then taken on. */
const waits = both({ creates: 3 });
const refused = (message: string): Told => both({ message, tasks: 0 });
const given = (message: string): Told => both({ message });

interface More {
	times?: number;
	maxWait?: number;
}

/** A row for a fault with a name; it is played for ever where it is not said how often. */
function named(section: string, name: string, told: Told, { times, maxWait }: More = {}): TaskFaultRow {
	const row = NAMED_FAULTS.find((one) => one.name === name);
	if (!row) throw new RangeError(`There is no fault "${name}".`);
	const often = { 1: '', 2: ', twice' }[times ?? 0] ?? ', each time';
	return {
		section,
		id: times === undefined ? `${name}-always` : name,
		fault: row.note + often,
		faults: [{ ...row.fault, ...(times === undefined ? {} : { times }) }],
		...(maxWait === undefined ? {} : { maxWait }),
		...(/silent|slow/.test(name) ? { timeout: 1 } : {}),
		...told,
	};
}

const CREATE = 'The task is created';
const ASK = 'The task is asked for';
const TASK = 'The task itself';
/** Here the result stands, and only its file is missing. */
export const DOWNLOAD = 'The result is downloaded';
const NOT_DONE = 'The video was not done within 0.1 minutes';
const once = { times: 1 };
const twice = { times: 2 };
const forLong = { maxWait: 0.1 };

function failing(id: string, failure: string, message: string): TaskFaultRow {
	return { section: TASK, id, fault: `it fails: "${failure}"`, faults: [], script: { failure }, ...given(message) };
}

/** Every fault of a task's way: create, ask, the task itself, download. */
export const TASK_FAULT_ROWS: TaskFaultRow[] = [
	...['cut', 'silent', '500', '502', '504', 'unreadable', 'html', '500-words', '403-page', '429-page', '409', '425', '499'].map(
		(name) => named(CREATE, `create-${name}-after`, made, once),
	),
	named(CREATE, 'create-exists', { kling: FINISHED, gateway: { ...UNCLEAR, message: MISSING } }, once),
	...['cut', 'silent', '502'].map((name) => named(CREATE, `create-${name}-before`, notMade, once)),
	...['1303', '1302', '429', 'retry-after', 'overloaded', 'no-channel'].map((name) =>
		named(CREATE, `create-${name}`, waits, twice),
	),
	named(CREATE, 'create-no-channel-zh', waits, twice),
	named(CREATE, 'create-no-channel', both({ message: 'The gateway has no channel for this model', creates: 5, tasks: 0 })),
	named(CREATE, 'create-1102', refused('The video resource pack of the Kling account is used up or has expired')),
	named(CREATE, 'create-1301', refused("The input violates the platform's content security policy")),
	...['cut', 'silent', '502', '429', 'unreadable', 'unknown-state', 'missing', 'missing-relay'].flatMap((name) => [
		named(ASK, `query-${name}`, finished, twice),
		{ ...named(ASK, `query-${name}`, given(NOT_DONE), forLong), ...(name === 'unknown-state' ? { script: { ms: 60_000 } } : {}) },
	]),
	named(ASK, 'query-no-file', finished, twice),
	{
		...named(ASK, 'query-no-file', given('The provider calls the video done, but sent no file'), forLong),
		// The answer is one of the older form.
		newer: { ...FINISHED, message: NOT_DONE },
	},
	named(ASK, 'query-403-page', finished, twice),
	named(ASK, 'query-403-page', given('The provider does not allow this request')),
	named(ASK, 'query-401', given('Kling does not know this credential')),
	named(ASK, 'query-1103', given('The Kling account may not use this API')),
	failing('moderation', 'Failure to pass the risk control system', "Kling's content moderation stopped the video"),
	failing('failed', 'The image cannot be used', 'Kling could not make the video'),
	{
		section: TASK,
		id: 'late',
		fault: 'it takes longer than Max Wait',
		faults: [],
		script: { ms: 60_000 },
		...forLong,
		...given(NOT_DONE),
	},
	named(DOWNLOAD, 'download-404', given('The server of the file answered with HTTP 404')),
	named(DOWNLOAD, 'download-cut', given('The connection to the server of the file broke before the answer was complete')),
	named(DOWNLOAD, 'download-slow', given('The server of the file did not answer within 1 second')),
];
