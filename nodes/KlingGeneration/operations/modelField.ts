import type { Connection } from '../../shared/kling/account/connection';
import { requiredText } from '../../shared/kling/fields';
import { refusal } from '../../shared/kling/klingError';
import {
	DEFAULT_TRY_ON_MODEL,
	DEFAULT_VIDEO_MODEL,
	isNewer,
	TRY_ON_ANNOUNCED,
	TRY_ON_MODELS,
	VIDEO_MODELS,
} from '../../shared/kling/tasks/models';
import type { Fields } from '../../shared/n8n/fields';
import { pickerField, searchIn } from './pickerField';

const FIELD = {
	label: 'Model',
	name: 'model',
	description: 'The model that makes the result. The list has those that are current; others can be given by their ID.',
};

/** What an access key cannot reach says so in the list. */
const picked = (models: ReadonlyArray<{ name: string; label: string }>) =>
	models.map(({ name, label }) => ({ id: name, label: isNewer(name) ? `${label} (API Key)` : label }));

/** The lists of the fields below. */
export const modelSearches = {
	searchVideoModels: searchIn(picked(VIDEO_MODELS)),
	searchTryOnModels: searchIn(picked(TRY_ON_MODELS)),
};

export const videoModelField = pickerField(FIELD, picked(VIDEO_MODELS), DEFAULT_VIDEO_MODEL, 'searchVideoModels');
export const tryOnModelField = pickerField(
	{ ...FIELD, description: `${FIELD.description} ${TRY_ON_ANNOUNCED}` },
	picked(TRY_ON_MODELS),
	DEFAULT_TRY_ON_MODEL,
	'searchTryOnModels',
);

/** The model of an item. @throws KlingError where there is none */
export function readModel(fields: Fields): string {
	return requiredText(fields.chosen('model'), 'Model', 'Choose a model from the list, or enter its ID.');
}

/**
 * Refuses a model of the newer form where the account signs with an access key: Kling answers 401 / 1002 there.
 * Source: Kling's API reference, the newer form.
 */
export function checkReach(model: string, { isKling, authentication }: Connection): void {
	if (!isKling || authentication !== 'accessKey' || !isNewer(model)) return;
	throw refusal(
		`The model ${model} is not to be had with an access key`,
		`Choose a model such as ${DEFAULT_VIDEO_MODEL} or kling-v3; or make an API key in Kling's console, and set Authentication to API Key in the credential.`,
	);
}
