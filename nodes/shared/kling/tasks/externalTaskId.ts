import { createHash } from 'crypto';

/** What one task of one item of one execution is known by. */
export interface TaskIdentity {
	/** The instance of n8n, because execution ids begin anew in each. */
	instanceId: string;
	executionId: string;
	nodeId: string;
	/** How often the node ran before in this execution, as in a loop. */
	runIndex: number;
	itemIndex: number;
	/** The path that the task is created at. */
	path: string;
	/** The request's body, with the place for the external id. */
	content: Buffer;
}

const LENGTH = 36;
const FIELD = '"external_task_id":"';

/** Stands in a body where the external id of its task will be. */
export const EXTERNAL_ID_PLACE = '-'.repeat(LENGTH);

/**
 * The external id of a task: the same for the same request of the same item in the same execution, whoever runs it and however often, and
 * another one for anything else. Letters, digits and a hyphen; short enough for any provider, and to be quoted in its messages.
 */
export function externalTaskId({ content, ...identity }: TaskIdentity): string {
	const { instanceId, executionId, nodeId, runIndex, itemIndex, path } = identity;
	return idOf(JSON.stringify([instanceId, executionId, nodeId, runIndex, itemIndex, path]), content);
}

/** What one task under a Task Key is known by, wherever and whenever it is asked for. */
export interface KeyedIdentity extends Pick<TaskIdentity, 'path' | 'content'> {
	key: string;
}

/**
 * The external id of the first task under a Task Key: the same for the same request, in any execution of any n8n; in the same form as the
 * others.
 */
export function keyedTaskId({ key, path, content }: KeyedIdentity): string {
	return idOf(JSON.stringify(['Task Key', key, path]), content);
}

/** The external id of the task that follows one under the same Task Key, because that one is of no use any more. */
export function nextTaskId(id: string): string {
	return idOf(JSON.stringify(['next', id]));
}

function idOf(place: string, content: Buffer | '' = ''): string {
	const digest = createHash('sha256').update(place).update(content).digest('hex');
	return `n8n-${digest}`.slice(0, LENGTH);
}

/** Writes the external id of a task into its place in the finished body. @returns the same body */
export function withExternalTaskId(body: Buffer, id: string): Buffer {
	body.write(id, startIn(body), 'latin1');
	return body;
}

/** The external id in a body. */
export function externalTaskIdIn(body: Buffer): string {
	const start = startIn(body);
	return body.toString('latin1', start, start + LENGTH);
}

/** The field stands at the end of its body; in a text within it the quotes would be escaped. */
const startIn = (body: Buffer): number => body.lastIndexOf(FIELD) + FIELD.length;
