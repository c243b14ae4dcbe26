import { createHash } from 'crypto';

import { fieldLength, type FileBody } from '../requestBody';

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
	/** The request's body without the external id itself. */
	content: Buffer;
}

const LENGTH = 36;
const FIELD = 'external_task_id';

/** How many bytes `withExternalTaskId` adds to a body. */
export const EXTERNAL_ID_BYTES = fieldLength(FIELD, LENGTH);

/**
 * The external id of a task: the same for the same request of the same item in the same execution, whoever runs it and however often, and
 * another one for anything else. Letters, digits and a hyphen; short enough for any provider, and to be quoted in its messages.
 */
export function externalTaskId({ content, ...identity }: TaskIdentity): string {
	const { instanceId, executionId, nodeId, runIndex, itemIndex, path } = identity;
	const place = JSON.stringify([instanceId, executionId, nodeId, runIndex, itemIndex, path]);
	const digest = createHash('sha256').update(place).update(content).digest('hex');
	return `n8n-${digest}`.slice(0, LENGTH);
}

/** Adds the external id of a task to its finished body, as the last field. @returns the body with it */
export function withExternalTaskId(body: FileBody, id: string): Buffer {
	return body.add(FIELD, id);
}

/** The external id that a body ends with. */
export function externalTaskIdIn(body: Buffer): string {
	const end = body.length - '"}'.length;
	return body.toString('latin1', end - LENGTH, end);
}
