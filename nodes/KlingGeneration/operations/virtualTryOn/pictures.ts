import type { Preset } from '../../../shared/n8n/imageFields';
import type { Source } from '../../../shared/n8n/sources';

/** One of the two pictures: how it is asked for, and what the panel says of it. */
export interface PictureRow extends Source {
	file: NonNullable<Source['file']>;
	/** In words. */
	what: string;
	preset: Preset;
}

function row(
	name: 'human' | 'cloth',
	label: string,
	filePreset: string,
	auto: Source['auto'],
): Source & { file: PictureRow['file'] } {
	return {
		kind: 'image',
		choice: { name: `${name}Source`, label: `${label} Source` },
		url: { name: `${name}Url`, label: `${label} URL` },
		file: { name: `${name}PropertyName`, label: `${label} Field Name`, preset: filePreset },
		auto,
		item: { url: 'imageUrl' },
		told: { url: `${name}Url`, field: `${name}Field`, fileName: `${name}FileName` },
	};
}

/** Who wears it. */
export const HUMAN: PictureRow = {
	...row('human', 'Person', 'human', []),
	what: 'the person',
	preset: { source: 'url', url: '' },
};

/** What is worn. */
export const CLOTH: PictureRow = {
	...row('cloth', 'Clothing', 'data', ['file', 'url']),
	what: 'the clothing',
	preset: { source: 'auto', url: '={{ $json.imageUrl }}' },
};
