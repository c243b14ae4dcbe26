import type { IDataObject } from 'n8n-workflow';

import type { NodeRun } from '../../engine/engine';
import { playEach } from '../support/playEach';
import { credentialOf, type World } from '../support/world';
import { TASK_FAULT_ROWS, type Outcome, type TaskFaultRow } from './rows';

/** Where a task is made: at Kling itself, in both forms of its API, and at a gateway that keeps no external ids. */
export const PLACES = { kling: 'klingGlobal', newer: 'klingGlobal', gateway: 'deerApi' } as const;
export type Place = keyof typeof PLACES;

/** What became of an item whose task was disturbed. */
export interface TaskObserved extends Outcome {
	/** The sentence below the message; empty where there is none. */
	description: string;
	/** The ids that the item names. */
	taskId: unknown;
	externalTaskId: unknown;
	/** The ids of the tasks that were made. */
	made: string[];
	run: NodeRun;
}

export interface TaskCase {
	row: TaskFaultRow;
	place: Place;
}

export const TASK_CASES: TaskCase[] = TASK_FAULT_ROWS.flatMap((row) =>
	(Object.keys(PLACES) as Place[]).map((place) => ({ row, place })),
);

/** What has to come of a case: of both forms the same, where the row says no more. */
export const expectedOf = ({ row, place }: TaskCase): Outcome =>
	place === 'gateway' ? row.gateway : (place === 'newer' && row.newer) || row.kling;

/** Nothing of a key stands in it: the errors tell of the image. */
const nameOf = ({ row, place }: TaskCase): string => `/n/${place}/${row.id}.jpg`;

/** Plays every case, each in an execution and at an account of its own, side by side: most only wait. */
export async function playTasks(world: World): Promise<Map<TaskCase, TaskObserved>> {
	world.gateway.control({
		faults: TASK_CASES.flatMap((one) => one.row.faults.map((fault) => ({ ...fault, match: nameOf(one) }))),
		tasks: TASK_CASES.map((one) => ({ ...one.row.script, match: nameOf(one) })),
	});
	return await playEach(TASK_CASES, async (one) => await play(world, one));
}

async function play({ engine, gateway }: World, one: TaskCase): Promise<TaskObserved> {
	const credential = credentialOf(PLACES[one.place]);
	const number = String(TASK_CASES.indexOf(one));
	const run = await engine.run({
		parameters: {
			operation: 'imageToVideo',
			...(one.place === 'newer' ? { model: { __rl: true, mode: 'id', value: 'kling-3.0' }, prompt: 'A smile' } : {}),
			imageSource: 'url',
			imageUrl: `https://images.kling-samples.test${nameOf(one)}?flags=face`,
			options: { maxWait: one.row.maxWait ?? 1, ...(one.row.timeout === undefined ? {} : { timeout: one.row.timeout }) },
		},
		credential: { ...credential, apiKey: `${credential.apiKey}.${number}` },
		onError: 'continueRegularOutput',
		items: [{ json: {} }],
		node: { type: 'n8n-nodes-kling-recognition.klingGeneration' },
		executionId: number,
	});
	const made = gateway.tasks().filter(({ names }) => names.some((name) => name.includes(nameOf(one))));
	const creates = gateway.requests.filter(({ route, json }) => route === 'create' && JSON.stringify(json).includes(nameOf(one)));
	return { ...told(run), creates: creates.length, tasks: made.length, made: made.map(({ id }) => id), run };
}

function told({ outputs }: NodeRun): Pick<TaskObserved, 'message' | 'description' | 'taskId' | 'externalTaskId'> {
	const json = outputs[0]![0]!.json;
	const {
		error,
		downloadErrors,
		details = json,
	} = json as { error?: string; downloadErrors?: IDataObject; details?: IDataObject };
	const { description = '', taskId, externalTaskId } = details;
	const message = error ?? (downloadErrors ? Object.values(downloadErrors).join() : null);
	return { message, description: String(description), taskId, externalTaskId };
}
