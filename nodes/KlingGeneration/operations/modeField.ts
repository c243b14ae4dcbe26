import type { INodeProperties } from 'n8n-workflow';

import { choice } from '../../shared/kling/fields';
import { DEFAULT_MODE, MODES, type Mode } from '../../shared/kling/tasks/models';
import type { Fields } from '../../shared/n8n/fields';

/** A field for the mode of a video. @param modes those that the operation has */
export function modeField(modes: readonly Mode[]): INodeProperties {
	return {
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		options: MODES.filter(({ name }) => modes.includes(name)).map(({ name, label, description }) => ({
			name: label,
			value: name,
			description,
		})),
		default: DEFAULT_MODE,
		description: 'How well the video is made, and what it costs',
	};
}

/**
 * n8n lists each option of the first property called `mode` as an action of a node in its category AI, as if one could add a node to be
 * "Professional". This one comes first, has none, and is never shown. Source: n8n-editor-ui 2.41, the actions of the node creator.
 */
export const noModeActions: INodeProperties = {
	displayName: 'Mode',
	name: 'mode',
	type: 'hidden',
	displayOptions: { show: { operation: ['none'] } },
	default: DEFAULT_MODE,
};

/** The mode of an item. @throws KlingError where the operation does not have it */
export function readMode<Known extends Mode>(fields: Fields, modes: readonly Known[]): Known | typeof DEFAULT_MODE {
	return choice(fields.value('mode'), 'Mode', modes) ?? DEFAULT_MODE;
}
