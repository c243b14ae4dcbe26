import { optionalFlag } from '../../../shared/kling/fields';
import { secretIn } from '../../../shared/kling/files/secretUrls';
import { refusal } from '../../../shared/kling/klingError';
import { isNewer } from '../../../shared/kling/tasks/models';
import { virtualTryOnBody } from '../../../shared/kling/tasks/taskBodies';
import { routeOf } from '../../../shared/kling/tasks/taskRoutes';
import { tell } from '../../../shared/n8n/sources';
import type { GenerationItem } from '../../options';
import { refuseUnfit } from '../../tasks/fitness';
import { base64Bytes, fetchedOf } from '../../tasks/mediaFile';
import { readImage, type Picture } from '../../tasks/picture';
import { taskOperation } from '../../tasks/taskOperation';
import { checkReach, readModel } from '../modelField';
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
		const { fields, options, run } = item;
		const model = readModel(fields);
		checkReach(model, run.connection);
		const human = await readImage(item, HUMAN);
		// The item's first image may be the person.
		const cloth = await readImage(item, CLOTH, { except: human.field === null ? [] : [human.field] });
		if (isOfItem(item, cloth)) refuseUnfit(item, { hasCloth: 'The image shows no clothing that could be tried on' });
		const keeps = readKeeps(item, model);
		if (isNewer(model)) for (const picture of [human, cloth]) refuseFile(picture);
		const task = { model, human: human.media, cloth: cloth.media, ...keeps, watermark: options.watermark };
		return {
			route: routeOf('virtualTryOn', model),
			counted: model,
			base64Bytes: base64Bytes(human.media) + base64Bytes(cloth.media),
			fetched: fetchedOf(human.media, cloth.media),
			fields: async () => virtualTryOnBody(task),
			imageUrl: null,
			fileName: human.fileName ?? cloth.fileName,
		};
	},
});

const KEEPS = { keepFace: 'Keep Face', keepPose: 'Keep Pose', keepBackground: 'Keep Background' };

/** What stays as it is in the picture. @throws KlingError where the model has no such switch */
function readKeeps({ options: { values } }: GenerationItem, model: string): Record<keyof typeof KEEPS, boolean | null> {
	const { keepFace, keepPose, keepBackground } = KEEPS;
	const keeps = {
		keepFace: optionalFlag(values.keepFace, keepFace),
		keepPose: optionalFlag(values.keepPose, keepPose),
		keepBackground: optionalFlag(values.keepBackground, keepBackground),
	};
	const [set] = Object.entries(KEEPS).filter(([name]) => keeps[name as keyof typeof KEEPS] !== null);
	if (set && !isNewer(model)) {
		throw refusal(`The model ${model} has no switch ${set[1]}`, `Remove the option ${set[1]}, or choose Virtual Try-On 3.0.`);
	}
	return keeps;
}

/** @throws KlingError where a picture is no URL: Kling takes no bytes there */
function refuseFile({ media, secretUrl }: Picture): void {
	if (typeof media === 'string') return;
	if (secretUrl !== null) {
		throw refusal(
			`Virtual Try-On 3.0 takes images by URL only, and this URL carries ${secretIn(secretUrl)}, which the provider would learn`,
			'Upload the image to where it has a public URL of its own, or choose Kolors Virtual Try-On 1.5, which takes files.',
		);
	}
	throw refusal(
		'Virtual Try-On 3.0 takes images by URL only, and this one is a file',
		'Give the public URL of the image, or choose Kolors Virtual Try-On 1.5, which takes files.',
	);
}

/** Whether an image is the one that Kling Recognition looked at, as far as can be told: the item's own, and not one for all items. */
function isOfItem({ fields }: GenerationItem, { url, secretUrl, field }: Picture): boolean {
	return field !== null || (secretUrl ?? url) === fields.item.json.imageUrl;
}
