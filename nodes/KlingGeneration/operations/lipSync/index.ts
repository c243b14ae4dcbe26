import { checkLipSyncTimes, lipSyncTimes, type LipSyncWish } from '../../../shared/kling/tasks/lipSyncTimes';
import { lipSyncBody } from '../../../shared/kling/tasks/taskBodies';
import { readMilliseconds, readRequired, readVolume } from '../../../shared/kling/tasks/taskFields';
import { readText } from '../../../shared/n8n/parameters';
import { readSwitch, type GenerationItem } from '../../options';
import { readSound } from '../../tasks/media';
import { taskOperation } from '../../tasks/taskOperation';
import { fields } from './fields';

const USE_IDENTIFY_FACE = 'Use an item of Identify Face with One Item per Face, or check that the expression finds one.';

/** Lip-Sync: a face in a video speaks another sound. */
export const lipSync = taskOperation('lipSync', fields, async (item) => {
	const { values, checkInput } = item.options;
	const wish = readWish(item);
	const task = {
		sessionId: readRequired(readText(item, 'sessionId'), 'Session ID', USE_IDENTIFY_FACE),
		faceId: readRequired(readText(item, 'faceId'), 'Face ID', USE_IDENTIFY_FACE),
		soundVolume: readVolume(values.soundVolume, 'Sound Volume'),
		originalVolume: readVolume(values.originalVolume, 'Original Volume'),
		watermark: readSwitch(values.watermark, 'Watermark'),
	};
	const source = await readSound(item, 'lipSync');
	return {
		counted: 'lipSync',
		base64Bytes: source.base64Bytes,
		fields: async () => {
			const { sound, length } = await source.read();
			const known = { ...wish, soundLength: length };
			const times = lipSyncTimes(known);
			if (checkInput) checkLipSyncTimes(times, known);
			return lipSyncBody({ ...task, sound, times });
		},
	};
});

/** What an item says of the times. */
function readWish(item: GenerationItem): LipSyncWish {
	const { soundStart, soundEnd, insertAt } = item.options.values;
	return {
		faceStart: readMilliseconds(readText(item, 'faceStartTime'), 'Face Start Time'),
		faceEnd: readMilliseconds(readText(item, 'faceEndTime'), 'Face End Time'),
		soundLength: null,
		soundStart: readMilliseconds(soundStart, 'Sound Start'),
		soundEnd: readMilliseconds(soundEnd, 'Sound End'),
		insertAt: readMilliseconds(insertAt, 'Insert At'),
	};
}
