import type { INodeListSearchResult, INodeProperties } from 'n8n-workflow';

/** What can be picked: the id that is sent, and what it is called. */
export interface Picked {
	id: string;
	label: string;
}

/** A field that takes one of a list, or any id. */
export function pickerField(
	{ label, name, description }: { label: string; name: string; description: string },
	all: readonly Picked[],
	preset: string,
	searchListMethod: string,
): INodeProperties {
	return {
		displayName: label,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: preset, cachedResultName: all.find(({ id }) => id === preset)?.label ?? preset },
		required: true,
		modes: [
			{ displayName: 'From List', name: 'list', type: 'list', typeOptions: { searchListMethod, searchable: true } },
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: `e.g. ${preset}` },
		],
		description,
	};
}

/** The list of such a field, as n8n's `methods.listSearch` asks for it: what has the filter in its name or id. */
export function searchIn(all: readonly Picked[]) {
	return async (filter = ''): Promise<INodeListSearchResult> => {
		const words = filter.toLowerCase();
		const fitting = all.filter(({ id, label }) => `${id} ${label}`.toLowerCase().includes(words));
		return { results: fitting.map(({ id, label }) => ({ name: label, value: id })) };
	};
}
