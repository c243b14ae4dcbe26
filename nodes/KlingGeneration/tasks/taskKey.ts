import { textOf } from '../../shared/kling/fields';
import { refusal } from '../../shared/kling/klingError';
import type { TaskOperation } from '../../shared/kling/tasks/taskRoutes';
import type { GenerationItem } from '../options';

/**
 * Reads the option Task Key.
 * @returns null where none is set
 * @throws KlingError where it is no text or number, or tasks of this account and kind are not known to be told by an id of ours
 */
export function readTaskKey(
	{ run: { connection }, options: { values } }: GenerationItem,
	operation: TaskOperation,
): string | null {
	const key = textOf(values.taskKey, 'Task Key').trim();
	if (key === '') return null;
	const { isKling, provider, authentication } = connection;
	if (!isKling) {
		throw refusal(
			`Task Key does not work with ${provider.displayName}`,
			'A task is met again by its external ID, and gateways are not known to keep one. Remove the option Task Key, or use a credential of Kling itself.',
		);
	}
	if (operation === 'lipSync' && authentication === 'accessKey') {
		throw refusal(
			'Task Key does not work for Lip-Sync with an access key',
			"With an access key Kling tells of no lip-sync by its external ID. Make an API key in Kling's console and set Authentication to API Key in the credential, or remove the option Task Key.",
		);
	}
	return key;
}
