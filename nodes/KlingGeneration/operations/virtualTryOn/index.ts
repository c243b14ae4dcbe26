import { virtualTryOnBody } from '../../../shared/kling/tasks/taskBodies';
import { tell } from '../../../shared/n8n/sources';
import type { GenerationItem } from '../../options';
import { refuseUnfit } from '../../tasks/fitness';
import { base64Bytes, readImage, type Picture } from '../../tasks/media';
import { taskOperation } from '../../tasks/taskOperation';
import { readModel } from '../modelField';
import { fields as description } from './fields';
import { CLOTH, HUMAN } from './pictures';

/** Virtual Try-On: a person wears the clothing of another picture. */
export const virtualTryOn = taskOperation({
	name: 'virtualTryOn',
	description,
	async tell(fields) {
		const human = await tell(fields, HUMAN);
		const field = human[HUMAN.told.field];
		return { ...human, ...(await tell(fields, CLOTH, typeof field === 'string' ? [field] : [])) };
	},

	async read(item) {
		const { fields, options } = item;
		const model = readModel(fields);
		const human = await readImage(item, HUMAN);
		// The item's first image may be the person.
		const cloth = await readImage(item, CLOTH, human.field === null ? [] : [human.field]);
		if (isOfItem(item, cloth)) refuseUnfit(item, { hasCloth: 'The image shows no clothing that could be tried on' });
		const task = { model, human: human.media, cloth: cloth.media, watermark: options.watermark };
		return {
			counted: model,
			base64Bytes: base64Bytes(human.media) + base64Bytes(cloth.media),
			fields: async () => virtualTryOnBody(task),
			imageUrl: null,
			fileName: human.fileName ?? cloth.fileName,
		};
	},
});

/** Whether an image is the one that Kling Recognition looked at, as far as can be told: the item's own, and not one for all items. */
function isOfItem({ fields }: GenerationItem, { url, field }: Picture): boolean {
	return field !== null || url === fields.item.json.imageUrl;
}
