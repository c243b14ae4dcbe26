import { AVATAR_UNITS, LIP_SYNC_STEP, PRICES, priceIn, PRICES_OF, UNIT_USD, type Charge } from '../../nodes/shared/kling/prices';
import { isNewer, modeLabel, modesOf, TRY_ON_MODELS, VIDEO_MODELS, type VideoModel } from '../../nodes/shared/kling/tasks/models';
import { table } from '../../test/bench/markdown';
import { dollarsIn, lipSyncOf, times, unitsIn, videoOf } from './charges';
import { avatarExample, otherExamples } from './examples';

/** The clips of the table of videos, in seconds. */
const CLIPS = [5, 10];

const { recognizeImage, identifyFace, lipSync, virtualTryOn, textToSpeech } = PRICES;

/** Writes the page of what each operation costs, with examples. @returns its text */
export const costsPage = (): string => `# Costs

Written by \`npm run models\` from the tables that the nodes go by.

The prices are those of Kling's list of ${PRICES_OF}, in US dollars (USD) and in units of a video resource pack. One unit counts as
${UNIT_USD} USD here; what you paid for it depends on your pack.

[Videos](#image-to-video-and-text-to-video) · [Other operations](#other-operations) · [What is counted](#what-is-counted) ·
[100 avatars of 20 seconds](#example-100-avatars-of-20-seconds) · [More examples](#more-examples) · [At a gateway](#at-a-gateway) ·
[Actual costs](#actual-costs)

## Image to Video and Text to Video

USD for one video, with units in parentheses. Both operations cost the same.

${table(['Model', 'Mode', ...['', ' with audio'].flatMap((audio) => CLIPS.map((seconds) => `${seconds} s${audio}`))], VIDEO_MODELS.flatMap(videoRows))}

Other durations cost in proportion: a second costs a fifth of 5 seconds. [Models](models.md) lists the durations of each model.

## Other operations

${table(['Operation', 'Model or mode', 'Paid for', 'USD', 'Units'], otherRows())}

Virtual Try-On uses an image resource pack, which has other units. Get Task and Get Many Tasks are free.

## What is counted

- **Image to Video, Text to Video:** the seconds of **Duration**.
- **Talking Avatar:** seconds. How Kling rounds them is not documented. In the one case that is known, 11.3 seconds of audio gave a video of 12.27 seconds, and
  cost ${unitsIn(times(11, { units: AVATAR_UNITS.std }))} units, which is 11 seconds in Standard mode. So count the seconds of your audio.
- **Lip-Sync:** steps of ${LIP_SYNC_STEP} seconds. A step that has begun counts in full, so 12 seconds cost ${unitsIn(lipSyncOf(12))} units. This is how gateways quote Kling's
  list. Whether the length of the audio or of the video counts is not known.
- **All other operations:** each call, whatever it finds. An image without a face costs the same as one with a face.

You do not pay for what the node refuses before it sends anything, for results that it reuses (\`reused\` is \`true\`), for requests that Kling refuses, or
for tasks that fail. See [What is charged, and when](paid-once.md#what-is-charged-and-when). You do pay for a task after you stop its execution:
[it cannot be cancelled](paid-once.md#what-cannot-be-cancelled).

## Example: 100 avatars of 20 seconds

${avatarExample()}

## More examples

${otherExamples()}

The units of the try-ons are not included, because they are units of another pack.

## At a gateway

A gateway has its own prices, often in its own currency, and bills you itself. The prices above are not those of a gateway. Neither are the prices that the
nodes show.

## Actual costs

The output fields \`unitsDeducted\` and \`balanceDeducted\` say what the provider deducted: units of a resource pack, or the quota of a cash account. They are
\`null\` if it does not say. To add them up for a run, see [Adding up the costs](outputs.md#adding-up-the-costs). Do not add the units of Virtual Try-On to
those of the other operations: they are units of another pack.

Before a large run, run one item and look at its \`unitsDeducted\`. To make sure that you do not pay for the same work twice, use a
[Task Key](paid-once.md#task-key).
`;

/** One row for each mode: what clips cost without audio, then with it; "-" where there are none. */
function videoRows(model: VideoModel): string[][] {
	return modesOf(model).map((mode) => [
		model.label,
		modeLabel(mode),
		...(['silent', 'audio'] as const).flatMap((audio) => CLIPS.map((seconds) => clip(videoOf(seconds, model, mode, audio)))),
	]);
}

const clip = (charge: Charge | undefined): string => (charge ? `${dollarsIn(charge)} (${unitsIn(charge)})` : '-');

/** All other operations, by model or mode where the price depends on it. */
function otherRows(): string[][] {
	const row = (charge: Charge, ...cells: string[]) => [...cells, priceIn(charge), unitsIn(charge)];
	const avatar = (mode: keyof typeof AVATAR_UNITS) =>
		row({ units: AVATAR_UNITS[mode] }, 'Talking Avatar', modeLabel(mode), 'a second');
	const tryOn = ({ name, label }: (typeof TRY_ON_MODELS)[number]) => {
		const cells = ['Virtual Try-On', label, 'an image'];
		return isNewer(name) ? [...cells, 'not known', '-'] : row(virtualTryOn, ...cells);
	};
	return [
		row(recognizeImage, 'Recognize Image', '-', 'an image'),
		row(identifyFace, 'Identify Face', '-', 'a video'),
		row(lipSync, 'Lip-Sync', '-', `${LIP_SYNC_STEP} seconds`),
		avatar('std'),
		avatar('pro'),
		...TRY_ON_MODELS.map(tryOn),
		row(textToSpeech, 'Text to Speech', '-', 'a text'),
	];
}
