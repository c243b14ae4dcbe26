import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { asKlingError, KlingError, refusal } from '../kling/klingError';
import { withoutUrlSecretsIn } from '../kling/files/secretUrls';
import type { Failure } from '../engine/failure';

/**
 * The n8n error for a failure: NodeApiError where the provider answered or could not be reached, NodeOperationError where
 * the item was refused here. Built from chosen fields only, so that no request, body or header comes along.
 * @param itemIndex the input item that failed
 */
export function toNodeError(node: INode, failure: KlingError, itemIndex: number): NodeApiError | NodeOperationError {
	const { message, details } = failure;
	const description = [details.description, traceOf(failure)].filter(Boolean).join(' ');
	const named = fitToKeep(node);
	if (details.attempts === 0) return new NodeOperationError(named, message, { itemIndex, description });
	const httpCode = details.httpStatus === null ? undefined : String(details.httpStatus);
	const error = new NodeApiError(named, { message }, { itemIndex, message, description, httpCode });
	error.context.details = { ...details };
	return error;
}

/** n8n keeps a copy of the node with each of its errors: it need not hold an image that was pasted into the node, nor a URL's secret. */
function fitToKeep(node: INode): INode {
	const { imageBase64: _image, ...parameters } = node.parameters;
	return { ...node, parameters: withoutUrlSecretsIn(parameters) };
}

/** What a provider's support asks for. */
function traceOf({ details }: KlingError): string {
	const facts = [
		details.serviceCode === null ? '' : `service code ${details.serviceCode}`,
		details.requestId === null ? '' : `request ID ${details.requestId}`,
		details.attempts > 1 ? `${details.attempts} attempts` : '',
	].filter(Boolean);
	return facts.length === 0 ? '' : `(${facts.join(', ')})`;
}

/**
 * The failure of an item whose turn never came, or whose next try, because the execution was stopped.
 * @param last how its last try failed, where there was one
 */
export function interrupted(last: Failure | null): KlingError {
	if (last === null) return refusal('The item was not processed', 'The execution was stopped. Run the workflow again.');
	const { message, details } = asKlingError(last);
	const description = `The execution was stopped before the next try. Run the workflow again. The last try: ${message}. ${details.description}`;
	return new KlingError('The item was not processed to its end', { ...details, description });
}
