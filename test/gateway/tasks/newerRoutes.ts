import { json, klingError, refuse, Refusal, type Answer } from '../answers';
import { withoutBytes } from '../body';
import type { ApiRoute, Call } from '../call';
import { textsOf } from '../names';
import type { ProductName, TaskState } from '../types';
import { checkNewerTryOn, checkNewerVideo, type Checked } from './newer';
import { productOf } from './products';
import { changedAt, stateOf, type Task } from './registry';
import { checkCommon, externalIdFor, wantsMark } from './routes';
import { inKlingsEnvelope, resultOf } from './shapes';

const at: ApiRoute['at'] = ({ hasNewerForm }) => hasNewerForm;

/** The newer form: creates with the model in the path, and questions for up to twenty tasks. */
export const newerRoutes: ApiRoute[] = [
	{
		route: 'create',
		method: 'POST',
		path: /^\/image-to-video\/[^/]+$/,
		at,
		handle: (call) => create(call, 'imageToVideo', (name) => checkNewerVideo(call, name, true)),
	},
	{
		route: 'create',
		method: 'POST',
		path: /^\/text-to-video\/[^/]+$/,
		at,
		handle: (call) => create(call, 'textToVideo', (name) => checkNewerVideo(call, name, false)),
	},
	{
		route: 'create',
		method: 'POST',
		path: /^\/solutions\/virtual_try_on$/,
		at,
		handle: (call) => create(call, 'virtualTryOn', () => checkNewerTryOn(call)),
	},
	{ route: 'query', method: 'GET', path: /^\/tasks$/, at, handle: (call) => ask(call, () => true, WORDS) },
	{ route: 'query', method: 'GET', path: /^\/solutions$/, at, handle: (call) => ask(call, isOfSolution, {}) },
];

const isOfSolution = ({ model }: Task): boolean => model === 'virtual-try-on-3.0';

/** @throws Refusal where an access key signed the call */
function checkKey({ isSigned }: Call): void {
	if (isSigned) throw new Refusal(klingError(401, 1002, 'The current API does not support AK/SK'));
}

async function create(call: Call, name: ProductName, check: (model: string) => Promise<Checked>): Promise<Answer> {
	checkKey(call);
	const { account, body, decoded, state, path } = call;
	const { model, units, options } = await check(decodeURIComponent(path.split('/').at(-1)!));
	checkCommon(options);
	const task = state.tasks.create({
		account,
		product: name,
		model,
		externalId: externalIdFor(call, options),
		units,
		isMarked: wantsMark(options),
		names: textsOf(withoutBytes(body, decoded)),
	});
	if (!task) return klingError(429, 1303, 'parallel task over resource pack limit');
	const { id, createdAt, externalId } = task;
	const ids = name === 'virtualTryOn' ? { task_id: id } : { id };
	const data = { ...ids, status: 'submitted', create_time: createdAt, update_time: createdAt, external_id: externalId };
	return json(200, inKlingsEnvelope(data));
}

const MOST_IDS = 20;

function ask(call: Call, isShown: (task: Task) => boolean, words: Partial<Record<TaskState, string>>): Answer {
	checkKey(call);
	const { query, account, state } = call;
	const [own, external] = [query.get('task_ids'), query.get('external_task_ids')];
	if ((own === null) === (external === null)) refuse('exactly one of task_ids and external_task_ids must have a value');
	const ids = (own ?? external)!.split(',').filter(Boolean);
	if (ids.length === 0 || ids.length > MOST_IDS) refuse(`at most ${MOST_IDS} ids`);
	const tasks = ids.map((id) => state.tasks.find(account, id)).filter((task) => task !== undefined);
	// Whether a lip-sync is told of by its external id was never tried: nothing relies on it.
	const isAsked = (task: Task): boolean =>
		own === null ? ids.includes(task.externalId) && task.product !== 'lipSync' : ids.includes(task.id);
	return json(
		200,
		inKlingsEnvelope(tasks.filter((task) => isAsked(task) && isShown(task)).map((task) => row(task, call, words))),
	);
}

const WORDS: Partial<Record<TaskState, string>> = { succeed: 'succeeded' };

function row(task: Task, call: Call, words: Partial<Record<TaskState, string>>): object {
	const state = stateOf(task);
	const product = productOf(task.product);
	const { taskWords, billing } = call.state.settings;
	const amount = String(task.units);
	const charges = {
		units: [{ charge_type: 'unit', amount, list_price: String(task.units / 10), package_type: 'video' }],
		cash: [{ charge_type: 'cash', amount, list_price: String(task.units / 10) }],
	};
	return {
		id: task.id,
		status: taskWords[state] ?? words[state] ?? state,
		message: state === 'failed' ? task.failure : '',
		create_time: task.createdAt,
		update_time: changedAt(task, state),
		external_id: task.externalId,
		...(state === 'succeed' && {
			outputs: Object.values(resultOf({ task, state, product, call }))
				.flat()
				.map((file) => ({ type: product.makes, ...file })),
			billing: billing === 'both' ? [...charges.units, ...charges.cash] : charges[billing],
		}),
	};
}
