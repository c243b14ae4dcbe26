import { virtualTryOnBody } from '../../../shared/kling/tasks/taskBodies';
import { readSwitch, type GenerationItem } from '../../options';
import { base64Bytes, readImage } from '../../tasks/media';
import { taskOperation } from '../../tasks/taskOperation';
import { readModel } from '../modelField';
import { fields, type Picture } from './fields';

/** Virtual Try-On: a person wears the clothing of another picture. */
export const virtualTryOn = taskOperation('virtualTryOn', fields, async (item) => {
	const model = readModel(item);
	const human = await readPicture(item, 'human');
	const cloth = await readPicture(item, 'cloth');
	const watermark = readSwitch(item.options.values.watermark, 'Watermark');
	return {
		counted: model,
		base64Bytes: base64Bytes(human) + base64Bytes(cloth),
		fields: async () => virtualTryOnBody({ model, human, cloth, watermark }),
	};
});

async function readPicture(item: GenerationItem, name: Picture['name']) {
	return await readImage(item, { source: `${name}Source`, url: `${name}Url`, file: `${name}PropertyName` });
}
