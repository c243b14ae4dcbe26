import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Task } from '../engine/task';
import type { Download } from './downloads';
import type { Run } from './run';
import type { ItemOptions } from './options';

/** A node as the runner sees it. */
export interface NodeKind<Options extends ItemOptions = ItemOptions> {
	operations: ReadonlyArray<Operation<Options>>;
	defaultMaxConcurrency: number;
	/** Reads an item's options. @throws KlingError where one makes no sense */
	readOptions(context: IExecuteFunctions, itemIndex: number): Options;
}

/** The input of one item, ready to become a request body, and where it waits for its turn. */
export type Input = Pick<Task<unknown, unknown>, 'key' | 'bytes' | 'isBuiltAhead' | 'build' | 'lane' | 'maxWaitMs'>;

/** What is read once for all items, from the first. */
export interface Settings {
	operation: Operation;
	/** One of the operation's `output` values. */
	output: string;
	/** `none`, or a key of the operation's branches. */
	branchBy: string;
	maxConcurrency: number;
	deduplicate: boolean;
}

/** An item on its way through the node. */
export interface Item<Options extends ItemOptions = ItemOptions> {
	run: Run;
	settings: Settings;
	index: number;
	options: Options;
}

/** What an answer says, and the answer itself. */
export interface Answered<Result = object> {
	result: Result;
	raw: IDataObject;
}

/** One item to emit, before it knows where it came from. */
export interface Emission {
	/** Key of the branch it leaves by, where the node branches. */
	branch: string;
	/** What the result is of; null where it was a file. */
	source: IDataObject;
	json: IDataObject;
	/** Result files that belong to it. */
	files: Download[];
}

/** How one input item wants its result. */
export interface View<Result> {
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
	/** What people should know when a result has files that were not downloaded. */
	expiryHint: string;
	/** The first is the default. */
	outputs: readonly string[];
	/** By `branchBy`. What failed or was not found leaves by the last one, never by one that leads to a paid step. */
	branches: Readonly<Record<string, readonly Branch[]>>;
	/** Reads an item's input. @throws KlingError where it would be refused */
	readInput(item: Item<Options>): Promise<Input>;
	/** Reads what decides about an item's way after the answer. @throws KlingError where it makes no sense */
	readView(item: Item<Options>): View<Result>;
	/**
	 * Sends a request body and reads the answer.
	 * @param begun to be called where the call was taken on and goes on for long: its body is not needed any more
	 * @throws KlingError where no good answer came
	 */
	call(item: Item<Options>, body: Buffer, begun: () => void): Promise<Answered<Result>>;
}
