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
	/** The request's body without the external id itself. */
	content: Buffer;
}

/** How long an external task id is, in characters. */
export const EXTERNAL_ID_LENGTH = 36;

/**
 * The external id of a task: the same for the same request of the same item in the same execution, whoever runs it and however often, and
 * another one for anything else. Letters, digits and a hyphen; short enough for any provider, and to be quoted in its messages.
 */
export function externalTaskId({ content, ...identity }: TaskIdentity): string {
	const { instanceId, executionId, nodeId, runIndex, itemIndex, path } = identity;
	const place = JSON.stringify([instanceId, executionId, nodeId, runIndex, itemIndex, path]);
	const digest = createHash('sha256').update(place).update(content).digest('hex');
	return `n8n-${digest}`.slice(0, EXTERNAL_ID_LENGTH);
}
