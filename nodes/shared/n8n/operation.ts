import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Begun, Job } from '../engine/job';
import type { KlingError } from '../kling/klingError';
import type { Download } from './downloads';
import type { Fields } from './fields';
import type { ItemOptions } from './options';
import type { Answered } from './results';
import type { Run } from './run';

/** A node as the runner sees it. */
export interface NodeKind<Options extends ItemOptions = ItemOptions> {
	operations: ReadonlyArray<Operation<Options>>;
	/** Max Concurrent Requests, or what the node calls it, and its default. */
	maxConcurrency: { label: string; preset: number };
	/** Whether all items are read and checked before the first is sent: where one is refused, nothing was paid for another. */
	readsAllFirst: boolean;
	/** Where the files of a result stand among those of its item. */
	filesStand: 'first' | 'last';
	/** Reads an item's options. @throws KlingError where one makes no sense */
	readOptions(fields: Fields): Options;
	/** What people can set in this node where a failure would pass by itself; empty where nothing helps. @param operation the chosen one's name */
	advice(failure: KlingError, operation: unknown): string;
}

/** What is read once for all items, from the first. */
export interface Settings {
	operation: Operation;
	/** One of the operation's `output` values. */
	output: string;
	/** `none`, or a key of the operation's branches. */
	branchBy: string;
	/** Whether items that fail leave by the last output, instead of stopping the workflow where On Error says so. */
	failuresLeave: boolean;
	maxConcurrency: number;
	deduplicate: boolean;
	/** The fields of the first item, for what an operation reads once. */
	first: Fields;
}

/** An item on its way through the node. */
export interface Item<Options extends ItemOptions = ItemOptions> {
	run: Run;
	settings: Settings;
	index: number;
	fields: Fields;
	options: Options;
}

/** One item to emit. */
export interface Emission {
	/** Key of the branch it leaves by, where the node branches. */
	branch: string;
	json: IDataObject;
	/** The fields of `json` that say what the result is of. Where one is null, a field of the input with this name is kept. */
	sources: readonly string[];
	/** Result files that belong to it. */
	files: Download[];
	/** What the provider said of it, where the answer is about others, too. */
	raw?: IDataObject;
	/** What people should know beside the items; the same words are told once. */
	hint?: string;
}

type AnyJob = Job<unknown, unknown>;

/** The input of one item, ready to become a request body; and where it waits for its turn, and for how long, if not as a call does; and whether its answer holds no longer than the run. */
export type Input = Pick<AnyJob, 'key' | 'body'> & Partial<Pick<AnyJob, 'lane' | 'patienceMs' | 'isOfRun'>>;

/** What one item wants: what is sent, and what becomes of the answer. */
export interface Wish<Result> {
	input: Input;
	/**
	 * Sends a request body and reads the answer.
	 * @throws KlingError where no good answer came
	 */
	send(body: Buffer, begun: Begun): Promise<Answered<Result>>;
	/**
	 * The items for a result.
	 * @param reused whether the answer came from an identical item, and so cost nothing here
	 */
	emit(result: Result, reused: boolean): Emission[];
}

/** One output of a node that branches. */
export interface Branch {
	key: string;
	displayName: string;
}

/** A room of a node: what it asks for, what it sends, what becomes of the answer, and by which output that leaves. */
export interface Operation<Options extends ItemOptions = ItemOptions, Result extends object = object> {
	name: string;
	description: INodeProperties[];
	/** What people should know of result files that were not downloaded, and with which Output. */
	expiry?: { output: string; hint: string };
	/** The first is the default. */
	outputs: readonly string[];
	/** Whether it lists what was there before: a run that ends with an error has nothing of it to name. */
	lists?: true;
	/** By `branchBy`. What failed or was not found leaves by the last one, never by one that leads to a paid step. */
	branches: Readonly<Record<string, readonly Branch[]>>;
	/** The values of `branchBy` with an output for what failed: nothing that fails there stops the workflow. */
	failuresLeaveBy?: readonly string[];
	/** What tells of an item's input in an error, also where it cannot be read. Never throws. */
	tell(fields: Fields): Promise<IDataObject>;
	/** Reads what an item wants. @throws KlingError where it would be refused */
	read(item: Item<Options>): Promise<Wish<Result>>;
}
