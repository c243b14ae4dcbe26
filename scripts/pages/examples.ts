import { AVATAR_UNITS, priceIn, PRICES, type Charge } from '../../nodes/shared/kling/prices';
import { videoModel } from '../../nodes/shared/kling/tasks/models';
import { table } from '../../test/bench/markdown';
import { dollarsIn, lipSyncOf, times, unitsIn, videoOf } from './charges';

const { recognizeImage, identifyFace, virtualTryOn, textToSpeech } = PRICES;

const IMAGES = 100;
const WITHOUT_FACE = 10;
const SECONDS = 20;

/** What most people ask for: many avatars, with their images looked at first. @returns the section, without its heading */
export function avatarExample(): string {
	const counts = [IMAGES, IMAGES - WITHOUT_FACE];
	const looks = times(IMAGES, recognizeImage);
	const speech = times(IMAGES, textToSpeech);
	const avatar = (mode: keyof typeof AVATAR_UNITS): Charge => times(SECONDS, { units: AVATAR_UNITS[mode] });
	const row = (what: string, charges: (made: number) => Charge[]): string[] => [
		what,
		...counts.map(charges).flatMap((paid) => [unitsIn(...paid), dollarsIn(...paid)]),
	];
	const rows = [
		row(`Recognize Image, ${IMAGES} images`, () => [looks]),
		row('Talking Avatar, Standard', (made) => [times(made, avatar('std'))]),
		row('**Total**', (made) => [looks, times(made, avatar('std'))]),
		row('Total in Professional mode', (made) => [looks, times(made, avatar('pro'))]),
	];
	const columns = counts.flatMap((made) => [`${made} avatars: units`, 'USD']);
	return `${IMAGES} images go to Recognize Image. Those that show a face and a head go on to Talking Avatar, each with ${SECONDS} seconds of audio. If ${WITHOUT_FACE} of the images
lack one, ${IMAGES - WITHOUT_FACE} avatars are made. Looking at an image costs ${priceIn(recognizeImage)} USD, an avatar ${priceIn(avatar('std'))} USD.

${table(['', ...columns], rows)}

If the audio comes from Text to Speech, ${IMAGES} texts add ${unitsIn(speech)} units (${dollarsIn(speech)} USD).`;
}

/** What else people ask for, one row each: what is made, with which operations, and what is paid. */
export function otherExamples(): string {
	const video = (seconds: number, ...way: [name: string, mode: 'std' | 'pro', audio: 'silent' | 'audio']): Charge =>
		videoOf(seconds, videoModel(way[0])!, way[1], way[2])!;
	const examples: Array<[what: string, ...charges: Charge[]]> = [
		['100 videos of 5 seconds: Kling 2.6, Standard', times(100, video(5, 'kling-v2-6', 'std', 'silent'))],
		['100 videos of 10 seconds: Kling 3.0, Professional, with audio', times(100, video(10, 'kling-3.0', 'pro', 'audio'))],
		['100 lip-syncs of 10 seconds, with Identify Face for each video', times(100, identifyFace), times(100, lipSyncOf(10))],
		['50 try-ons from a sheet, with Recognize Image for each garment', times(50, recognizeImage), times(50, virtualTryOn)],
		['Speech for 100 texts', times(100, textToSpeech)],
	];
	return table(
		['Example', 'Units', 'USD'],
		examples.map(([what, ...charges]) => [what, unitsIn(...charges), dollarsIn(...charges)]),
	);
}
