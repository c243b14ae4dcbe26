import { externalTaskIdIn } from '../../../nodes/shared/kling/tasks/externalTaskId';
import type { FakeAnswer, FakeProvider } from '../../unit/fakeItem';
import type { VirtualTime } from '../../bench/simulator/virtualTime';
import { pick } from '../chaos/random';

/** How a provider behaves, in what is documented and what is not. */
export interface Behaviour {
	name: FakeProvider['name'];
	route: 'imageToVideo' | 'lipSync';
	/** Tells which form the tasks have; absent: the legacy one. */
	model?: string;
	/** Whether a second create with the same external id is refused. */
	refusesDuplicates: boolean;
	/** What becomes of external ids. */
	externalIds: 'kept' | 'replaced';
	/** For so long a new task is not found by its external id, in milliseconds at most. */
	hiddenMs: number;
	/** So late a create may arrive whose connection broke, in milliseconds at most. */
	lateMs: number;
}

interface Task {
	id: string;
	externalId: string;
	madeAt: number;
	visibleAt: number;
	endsAt: number;
	fails: boolean;
	/** The try whose create made it. */
	madeBy: number;
}

type Step = 'before' | 'after' | 'late';

/** What may come in the place of a create's answer: whether the task is made all the same, and what comes instead. */
type CreateFault = [when: Step, comes: (task: Task | null) => FakeAnswer];

const broken = (code?: string) => (): never => {
	throw Object.assign(new Error('the connection broke'), code === undefined ? {} : { code });
};
const answers = (status: number, body: unknown) => (): FakeAnswer => ({ status, body });
const PAGE = '<html><h1>from the edge</h1></html>';

/** Each of these says that nothing was made, or says nothing at all. */
const CREATE_FAULTS: readonly CreateFault[] = [
	...(['before', 'after', 'late'] as const).flatMap((when): CreateFault[] => [
		[when, broken('ECONNRESET')],
		[when, broken('ETIMEDOUT')],
		[when, broken('ENETRESET')],
		[when, broken('EHOSTUNREACH')],
		[when, broken()],
		[when, answers(500, { code: 5000, message: 'internal' })],
		[when, answers(504, PAGE)],
		[when, answers(403, PAGE)],
		[when, answers(404, PAGE)],
		[when, answers(429, PAGE)],
		[when, answers(409, { message: 'conflict' })],
		[when, answers(425, { message: 'too early' })],
		[when, answers(499, { message: 'closed' })],
		[when, answers(200, '{"code":0,"da')],
		[when, answers(200, { code: 9999, message: 'odd' })],
		[when, answers(200, { error: { message: 'upstream' } })],
	]),
	['after', (task) => ({ status: 200, body: { code: 'success', data: task!.id } })],
	['after', (task) => ({ status: 500, body: { code: 5000, message: 'm', data: { task_id: task!.id } } })],
	['before', broken('ENOTFOUND')],
	['before', broken('ECONNREFUSED')],
	['before', answers(401, { code: 1002, message: 'no key' })],
	['before', answers(403, { error: { message: 'no', code: 'insufficient_user_quota' } })],
	['before', answers(429, { code: 1102, message: 'empty' })],
	['before', answers(429, { code: 1303, message: 'too many' })],
	['before', answers(429, { message: 'slow down' })],
	['before', answers(503, { error: { code: 'model_not_found', message: 'No available channel' } })],
	['before', answers(400, { code: 1201, message: 'bad image' })],
];

const QUERY_FAULTS: ReadonlyArray<() => FakeAnswer> = [
	broken('ECONNRESET'),
	broken(),
	answers(502, PAGE),
	answers(403, PAGE),
	answers(404, PAGE),
	answers(429, { code: 1302, message: 'slow' }),
	answers(200, {}),
	answers(401, { code: 1002, message: 'no key' }),
];

const EXISTS = [
	(id: string) => `External_task_id ${id} already exists`,
	() => 'Duplicate external_task_id',
	() => 'external_task_id 已存在',
	(id: string) => `external_task_id=${id} has been used`,
	(id: string) => `Task already exists for external_task_id ${id}`,
	() => 'external_task_id must be unique',
];

/** One account at a provider, which answers as chance has it. */
export class ChanceProvider implements FakeProvider {
	readonly name: FakeProvider['name'];
	/** The tasks that were made, each of them paid for. */
	readonly tasks: Task[] = [];
	/** The try that is going on. */
	tries = 0;

	constructor(
		private readonly behaviour: Behaviour,
		private readonly time: VirtualTime,
		private readonly random: () => number,
		/** How likely a fault is. */
		private readonly trouble: number,
	) {
		this.name = behaviour.name;
	}

	async answer({ method, path, body }: Parameters<FakeProvider['answer']>[0]): Promise<FakeAnswer> {
		await this.time.sleep(50 + this.random() * 1000);
		if (method === 'POST') return this.create(externalTaskIdIn(Buffer.from(body)));
		if (this.random() < this.trouble / 3) return pick(this.random, QUERY_FAULTS)();
		const [, by, id] = /^\/tasks\?(\w+)=(.*)$/.exec(path) ?? [];
		if (id !== undefined) return this.together(by === 'task_ids' ? 'id' : 'externalId', decodeURIComponent(id));
		if (path.includes('?')) return this.list();
		return this.query(decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)));
	}

	private create(externalId: string): FakeAnswer {
		if (this.random() < this.trouble) {
			const [when, comes] = pick(this.random, CREATE_FAULTS);
			if (when === 'before') return comes(null);
			if (when === 'late') {
				const { tries } = this;
				void this.time.sleep(this.random() * this.behaviour.lateMs).then(() => this.make(externalId, tries));
				return comes(null);
			}
			const task = this.make(externalId);
			return task ? comes(task) : this.exists(externalId);
		}
		const task = this.make(externalId);
		return task
			? { status: 200, body: { code: 0, data: this.isNewer ? this.row(task) : { task_id: task.id, task_status: 'submitted' } } }
			: this.exists(externalId);
	}

	private make(externalId: string, madeBy = this.tries): Task | null {
		const { refusesDuplicates, externalIds, hiddenMs } = this.behaviour;
		if (refusesDuplicates && this.tasks.some((task) => task.externalId === externalId)) return null;
		const { now } = this.time;
		const task = {
			id: `t-${this.tasks.length}`,
			externalId: externalIds === 'kept' ? externalId : `gw-${this.tasks.length}`,
			madeAt: now,
			visibleAt: now + this.random() * hiddenMs,
			endsAt: now + 5000 + this.random() * 40_000,
			fails: this.random() < 0.1,
			madeBy,
		};
		this.tasks.push(task);
		return task;
	}

	private exists(id: string): FakeAnswer {
		return { status: 400, body: { code: 1201, message: pick(this.random, EXISTS)(id) } };
	}

	private query(id: string): FakeAnswer {
		const { route } = this.behaviour;
		const byExternalId = (task: Task) => route !== 'lipSync' && task.externalId === id && task.visibleAt <= this.time.now;
		const task = this.tasks.find((one) => one.id === id || byExternalId(one));
		if (!task) return { status: 400, body: { code: 1201, message: `Task not found by id/external id: ${id}` } };
		return { status: 200, body: { code: 0, data: this.told(task) } };
	}

	private get isNewer(): boolean {
		return this.behaviour.model !== undefined;
	}

	/** One task, of the newer form; of others nothing is told here. */
	private together(by: 'id' | 'externalId', id: string): FakeAnswer {
		const isKnown = (task: Task) => task[by] === id && (by === 'id' || task.visibleAt <= this.time.now);
		return { status: 200, body: { code: 0, data: this.isNewer ? this.tasks.filter(isKnown).map((task) => this.row(task)) : [] } };
	}

	private row({ id, externalId, endsAt, fails }: Task): object {
		const row = { id, external_id: externalId, message: '' };
		if (this.time.now < endsAt) return { ...row, status: 'processing' };
		if (fails) return { ...row, status: 'failed', message: 'risk control' };
		return { ...row, status: 'succeeded', outputs: [{ type: 'video', id: 'v', url: `https://v.test/${id}.mp4` }] };
	}

	/** A full page of others' tasks; rows of a lip-sync name no external ids. */
	private list(): FakeAnswer {
		const others = Array.from({ length: 500 }, (_none, index) => ({ task_id: `o-${index}`, task_status: 'succeed' }));
		return { status: 200, body: { code: 0, data: others } };
	}

	private told({ id, endsAt, fails }: Task): object {
		if (this.time.now < endsAt) return { task_id: id, task_status: 'processing' };
		if (fails) return { task_id: id, task_status: 'failed', task_status_msg: 'risk control' };
		return { task_id: id, task_status: 'succeed', task_result: { videos: [{ id: 'v', url: `https://v.test/${id}.mp4` }] } };
	}
}
