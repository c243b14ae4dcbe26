import { asKlingError, type KlingError } from '../../shared/kling/klingError';
import type { GenerationItem } from '../options';

/**
 * A failure of a call that gateways may not resell. Where the route is not known, they answer 404, or with their start page.
 * @param what is asked for, in words
 */
export function maybeMissing(error: unknown, { run: { connection } }: GenerationItem, what: string): KlingError {
	const failure = asKlingError(error);
	if (connection.isKling || ![404, 200].includes(failure.details.httpStatus ?? 0)) return failure;
	const { displayName } = connection.provider;
	return failure.with(
		{ description: `Ask its support, or use a credential of Kling itself. ${failure.details.description}` },
		`${displayName} may not have ${what}: ${failure.message.replace(/^The/, 'the')}`,
	);
}
