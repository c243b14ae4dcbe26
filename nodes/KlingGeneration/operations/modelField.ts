import type { INodeListSearchResult, INodeProperties } from 'n8n-workflow';

import { requiredText } from '../../shared/kling/fields';
import { DEFAULT_TRY_ON_MODEL, DEFAULT_VIDEO_MODEL, TRY_ON_MODELS, VIDEO_MODELS } from '../../shared/kling/tasks/models';
import type { Fields } from '../../shared/n8n/fields';

interface NamedModel {
	name: string;
	label: string;
}

/** A field for a model: one of a list, or any ID. */
function modelField(models: readonly NamedModel[], defaultModel: string, searchListMethod: string): INodeProperties {
	return {
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		default: {
			mode: 'list',
			value: defaultModel,
			cachedResultName: models.find(({ name }) => name === defaultModel)?.label ?? defaultModel,
		},
		required: true,
		modes: [
			{ displayName: 'From List', name: 'list', type: 'list', typeOptions: { searchListMethod } },
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: `e.g. ${defaultModel}` },
		],
		description: 'The model that makes the result. The list has those that are current; others can be given by their ID.',
	};
}

function searchIn(models: readonly NamedModel[]) {
	return async (filter = ''): Promise<INodeListSearchResult> => {
		const words = filter.toLowerCase();
		const fitting = models.filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(words));
		return { results: fitting.map(({ name, label }) => ({ name: label, value: name })) };
	};
}

/** The lists of the fields below, as n8n's `methods.listSearch` of the node. */
export const modelSearches = {
	searchVideoModels: searchIn(VIDEO_MODELS),
	searchTryOnModels: searchIn(TRY_ON_MODELS),
};

export const videoModelField = modelField(VIDEO_MODELS, DEFAULT_VIDEO_MODEL, 'searchVideoModels');
export const tryOnModelField = modelField(TRY_ON_MODELS, DEFAULT_TRY_ON_MODEL, 'searchTryOnModels');

/** The model of an item. @throws KlingError where there is none */
export function readModel(fields: Fields): string {
	return requiredText(fields.chosen('model'), 'Model', 'Choose a model from the list, or enter its ID.');
}
