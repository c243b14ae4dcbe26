import type { IDataObject } from 'n8n-workflow';

import type { NodeRun } from '../../engine/engine';
import type { Places } from '../support/places';
import { playEach } from '../support/playEach';
import type { World } from '../support/world';
import type { FaultRow } from './row';
import { ITEM, type Setup, type Stage } from './stages';

/** What became of an item whose way was disturbed. */
export interface Observed {
	/** What the user reads; null where the item succeeded. */
	message: string | null;
	/** The sentence below it; empty where there is none. */
	description: string;
	httpStatus: number | null;
	serviceCode: number | null;
	/** Requests as the error counts them; null where it does not. */
	attempts: number | null;
	/** Requests that arrived; null where they cannot be counted. */
	calls: number | null;
	/** Whether the error is one of the node's own. */
	typed: boolean;
	run: NodeRun;
	setup: Setup;
}

/** A row in a stage. */
export interface Case {
	stage: Stage;
	row: FaultRow;
}

/** Plays every case, each in an execution of its own. */
export async function playAll(world: World, places: Places, cases: readonly Case[]): Promise<Map<Case, Observed>> {
	const setups = new Map(cases.map((one) => [one, one.stage.setUp(one.row, places)]));
	world.gateway.control({ faults: [...setups.values()].flatMap(({ faults }) => faults) });
	return await playEach(cases, async (one) => await play(world, one, setups.get(one)!));
}

let accounts = 0;

/** All that use an account wait for what one of them meets: each execution has its own. */
function ofItsOwn(credential: IDataObject): IDataObject {
	accounts += 1;
	const key = credential.authentication === 'accessKey' ? 'accessKey' : 'apiKey';
	return { ...credential, [key]: `${String(credential[key])}.${accounts}` };
}

async function play(world: World, { stage, row }: Case, setup: Setup): Promise<Observed> {
	// Every execution begins with the same item: the engine's source is shared by those that run at once.
	const run = await world.engine.run({
		parameters: setup.parameters,
		credential: ofItsOwn(setup.credential),
		onError: setup.onError,
		items: [{ json: ITEM }],
	});
	const calls = 'place' in row.play ? null : stage.seen(world, row).length;
	return { ...outcome(run), calls, run, setup };
}

type Outcome = Omit<Observed, 'calls' | 'run' | 'setup'>;

const SUCCESS: Outcome = { message: null, description: '', httpStatus: null, serviceCode: null, attempts: null, typed: true };

function outcome({ error, outputs }: NodeRun): Outcome {
	if (error) {
		const details = (error.context?.details ?? {}) as IDataObject;
		const typed = error.name === 'NodeApiError' || error.name === 'NodeOperationError';
		return { ...SUCCESS, ...fieldsOf(details), message: error.message, description: error.description ?? '', typed };
	}
	const json = outputs[0]?.[0]?.json ?? {};
	const { downloadErrors, details, error: message } = json as Record<string, IDataObject>;
	if (downloadErrors) return { ...SUCCESS, message: Object.values(downloadErrors).join() };
	if (message === undefined) return { ...SUCCESS, typed: outputs[0]?.length === 1 };
	const typed = Object.keys(json).join() === 'error,details' && typeof details?.description === 'string';
	return { ...fieldsOf(details ?? {}), message: String(message), description: String(details?.description), typed };
}

function fieldsOf(details: IDataObject): Pick<Outcome, 'httpStatus' | 'serviceCode' | 'attempts'> {
	const number = (name: string): number | null => (typeof details[name] === 'number' ? details[name] : null);
	return { httpStatus: number('httpStatus'), serviceCode: number('serviceCode'), attempts: number('attempts') };
}
