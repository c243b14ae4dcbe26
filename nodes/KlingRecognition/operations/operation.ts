import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Body } from '../../shared/engine/task';
import type { JsonObject } from '../../shared/kling/values';
import type { Download } from '../../shared/n8n/downloads';
import type { Run } from '../../shared/n8n/run';
import type { ItemOptions } from '../../shared/n8n/settings';

/** What is read once for all items, from the first. */
export interface RunSettings {
	operation: Operation;
	/** One of the operation's `output` values. */
	output: string;
	/** `none`, or a key of the operation's branches. */
	branchBy: string;
	requiredMatch: 'all' | 'any';
	maxConcurrency: number;
	deduplicate: boolean;
}

/** The input of one item, ready to become a request body. */
export interface Input {
	/** Identity where it is known without reading the bytes. */
	key: string | null;
	/** Size of the body, in bytes. */
	bytes: number;
	isBuiltAhead?: boolean;
	build(): Promise<Body>;
}

/** One item to emit, before it knows where it came from. */
export interface Emission {
	/** Key of the branch it leaves by, where the node branches. */
	branch: string;
	json: IDataObject;
	/** Result files that belong to it. */
	files: Download[];
}

/** How one input item wants its result. */
export interface View<Result> {
	/** The items for a result. */
	emit(result: Result): Emission[];
}

/** One output of a node that branches. */
export interface Branch {
	key: string;
	displayName: string;
}

/** A room of the node: what it asks for, what it sends, and what becomes of the answer. */
export interface Operation<Result = unknown> {
	name: string;
	/** Where the call goes, after the base URL. */
	path: string;
	/** What a good answer contains, in words. */
	expected: string;
	/** What people should know when a result has files that were not downloaded. */
	expiryHint: string;
	/** The first is the default. */
	outputs: readonly string[];
	/** By `branchBy`. What failed or was not found leaves by the last one, never by one that leads to a paid step. */
	branches: Readonly<Record<string, readonly Branch[]>>;
	description: INodeProperties[];
	/** Reads an item's input. @throws KlingError where it would be refused */
	readInput(run: Run, itemIndex: number, options: ItemOptions): Promise<Input>;
	/** Reads what decides about an item's way after the answer. @throws KlingError where it makes no sense */
	readView(run: Run, itemIndex: number, options: ItemOptions, settings: RunSettings): View<Result>;
	/** Reads an answer's data; null where the expected is missing. */
	readResult(data: JsonObject, requestId: string | null): Result | null;
}
