import { requiredText } from '../../../shared/kling/fields';
import { checkLipSyncTimes, lipSyncTimes, type LipSyncWish } from '../../../shared/kling/tasks/lipSyncTimes';
import { lipSyncBody } from '../../../shared/kling/tasks/taskBodies';
import { readMilliseconds, readVolume } from '../../../shared/kling/tasks/taskFields';
import { routeOf } from '../../../shared/kling/tasks/taskRoutes';
import { attempt } from '../../../shared/n8n/sources';
import type { GenerationItem } from '../../options';
import { readAudio } from '../../tasks/audio';
import { taskOperation } from '../../tasks/taskOperation';
import { AUDIO } from '../audioFields';
import { fields as description } from './fields';

const USE_IDENTIFY_FACE = 'Use an item of Identify Face with One Item per Face, or check that the expression finds one.';

/** Lip-Sync: a face in a video speaks other words. */
export const lipSync = taskOperation({
	name: 'lipSync',
	description,

	tell: async (fields) => ({
		sessionId: attempt(() => fields.text('sessionId', '')),
		faceId: attempt(() => fields.text('faceId', '')),
	}),

	async read(item) {
		const { fields, options } = item;
		const { values, checkInput, watermark } = options;
		const task = {
			sessionId: requiredText(fields.value('sessionId'), 'Session ID', USE_IDENTIFY_FACE),
			faceId: requiredText(fields.value('faceId'), 'Face ID', USE_IDENTIFY_FACE),
			audioVolume: readVolume(values.audioVolume, 'Audio Volume'),
			originalVolume: readVolume(values.originalVolume, 'Original Volume'),
			watermark,
		};
		const wish = readWish(item);
		const { audio, base64Bytes, fetched, length } = await readAudio(item, AUDIO, 'lipSync');
		const timesOf = (audioLength: number | null) => {
			const known = { ...wish, audioLength };
			const times = lipSyncTimes(known);
			if (checkInput) checkLipSyncTimes(times, known);
			return times;
		};
		// What is wrong whatever the length of audio behind a URL is known before any other item is paid for.
		const isFetched = fetched.length > 0 || ('file' in audio && typeof audio.file === 'string');
		const isNeeded = wish.faceEnd === null && wish.audioEnd === null;
		if (!isFetched) timesOf(await length(isNeeded));
		else if (!isNeeded) timesOf(null);
		return {
			route: routeOf('lipSync'),
			counted: 'lipSync',
			base64Bytes,
			fetched,
			fetch: isFetched ? async () => await length(isNeeded) : undefined,
			fields: async () => lipSyncBody({ ...task, audio, times: timesOf(await length(isNeeded)) }),
			imageUrl: null,
			fileName: null,
		};
	},
});

/** What an item says of the times. */
function readWish({ fields, options }: GenerationItem): LipSyncWish {
	const { audioStart, audioEnd, insertAt } = options.values;
	return {
		faceStart: readMilliseconds(fields.value('faceStartTime'), 'Face Start Time'),
		faceEnd: readMilliseconds(fields.value('faceEndTime'), 'Face End Time'),
		audioLength: null,
		audioStart: readMilliseconds(audioStart, 'Audio Start'),
		audioEnd: readMilliseconds(audioEnd, 'Audio End'),
		insertAt: readMilliseconds(insertAt, 'Insert At'),
	};
}
