import { randomUUID } from 'node:crypto';
import { json, klingError, refuse, type Answer } from '../answers';
import { withoutBytes } from '../body';
import type { ApiRoute, Call } from '../call';
import { textsOf } from '../names';
import { isRelay } from '../providers';
import type { ExternalIds } from '../types';
import { isFilled, text, type Fields } from './fields';
import { PRODUCTS, type Product } from './products';
import { stateOf } from './registry';
import { checkForRelay, relayRefusal, withoutPrefix } from './relay';
import { WRITINGS, inKlingsEnvelope, shapeOfTasks, taskData } from './shapes';

/** Create, query and list of every product. */
export const taskRoutes: ApiRoute[] = PRODUCTS.flatMap((product): ApiRoute[] => {
	const path = product.path.replaceAll('/', '\\/');
	return [
		{ route: 'create', method: 'POST', path: new RegExp(`^${path}$`), handle: (call) => told(call, () => create(call, product)) },
		{
			route: 'query',
			method: 'GET',
			path: new RegExp(`^${path}\\/[^/]+$`),
			handle: (call) => told(call, () => query(call, product)),
		},
		{
			route: 'list',
			method: 'GET',
			path: new RegExp(`^${path}$`),
			at: (provider) => provider.listsTasks,
			handle: (call) => list(call, product),
		},
	];
});

/** Answers, and refuses in the words of whoever is asked. */
async function told({ provider }: Call, answer: () => Answer | Promise<Answer>): Promise<Answer> {
	try {
		return await answer();
	} catch (error) {
		if (isRelay(provider)) relayRefusal(error, provider.taskShape);
		throw error;
	}
}

const externalIdsOf = ({ state, provider }: Call): ExternalIds =>
	state.settings.externalIds === 'auto' ? provider.externalIds : state.settings.externalIds;

async function create(call: Call, product: Product): Promise<Answer> {
	const { account, body, decoded, state } = call;
	if (isRelay(call.provider)) checkForRelay(call);
	await product.check(call);
	checkCommon(body);
	const task = state.tasks.create({
		account,
		product: product.name,
		model: product.model?.(call) ?? product.name,
		externalId: externalIdFor(call),
		units: product.units,
		isMarked: wantsMark(body),
		names: textsOf(withoutBytes(body, decoded)),
	});
	if (!task) return klingError(429, 1303, 'parallel task over resource pack limit');
	return json(200, WRITINGS[shapeOfTasks(call)].created({ task, state: 'submitted', product, call }));
}

/** Checks the fields that all products share. @throws Refusal */
export function checkCommon(body: Fields): void {
	if (!URL.canParse(text(body, 'callback_url', 2000) || 'https://none.test')) refuse('callback_url is not a valid URL');
	const { watermark_info: watermark } = body;
	if (isFilled(watermark) && typeof (watermark as Fields).enabled !== 'boolean')
		refuse('watermark_info.enabled must be a boolean');
}

/** Whether a file with a watermark is wanted, too. */
export const wantsMark = ({ watermark_info: watermark }: Fields): boolean =>
	isFilled(watermark) && (watermark as Fields).enabled === true;

/** The external id that the task will have. @param fields where it stands @throws Refusal where another task of the account has it */
export function externalIdFor(call: Call, fields = call.body): string {
	const asked = text(fields, 'external_task_id');
	const rule = externalIdsOf(call);
	if (rule === 'ignored') return '';
	if (rule === 'replaced') return `gw-${randomUUID()}`;
	if (asked && call.state.tasks.find(call.account, asked)) refuse(`External_task_id ${asked} already exists`);
	return asked;
}

function query(call: Call, product: Product): Answer {
	const id = withoutPrefix(decodeURIComponent(call.path.slice(product.path.length + 1)));
	const task = call.state.tasks.find(call.account, id);
	const byExternalId = product.queryByExternalId && externalIdsOf(call) !== 'passedOn';
	const isKnown = task?.product === product.name && (task.id === id || byExternalId);
	if (!isKnown) refuse(`Task not found by id/external id: ${id}`);
	return json(200, WRITINGS[shapeOfTasks(call)].asked({ task, state: stateOf(task), product, call }));
}

function list(call: Call, product: Product): Answer {
	const number = page(call, 'pageNum', 1, 1000);
	const size = page(call, 'pageSize', 30, 500);
	const tasks = call.state.tasks.list(call.account, product.name).slice((number - 1) * size, number * size);
	return json(200, inKlingsEnvelope(tasks.map((task) => taskData({ task, state: stateOf(task), product, call }))));
}

function page(call: Call, name: string, usual: number, most: number): number {
	const value = Number(call.query.get(name) ?? usual);
	if (!Number.isInteger(value) || value < 1 || value > most) refuse(`${name} must be an integer from 1 to ${most}`);
	return value;
}
