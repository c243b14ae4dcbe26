import { normaliseBase64 } from '../../../nodes/shared/kling/files/base64';
import { KlingError } from '../../../nodes/shared/kling/klingError';
import { HOSTILE_BYTES, HOSTILE_FILES, HOSTILE_TEXTS } from '../../samples/hostile';
import { makeImage } from '../../samples/images';
import { prepareImage } from '../../trust/support/prepareImage';
import type { Arena } from '../contest';
import { atMost, milliseconds, times, type Report } from '../report';

const ROUNDS = { full: 12, quick: 1 };

type Work = () => Promise<void> | void;

/** Whether bytes that lead nowhere take longer to look at than an image does. */
export async function hostile({ quick }: Arena): Promise<Report> {
	const rounds = ROUNDS[quick ? 'quick' : 'full'];
	const valid = await makeImage({ width: 800, height: 600, format: 'jpeg', bytes: HOSTILE_BYTES });
	const validText = valid.toString('base64');
	const image: Work = async () => await prepareImage(valid);
	const text: Work = async () => {
		normaliseBase64(validText);
		await prepareImage(valid);
	};
	const rows: Array<[name: string, ms: number, ratio: number]> = [];
	for (const [name, make] of HOSTILE_FILES) {
		const bytes = make();
		rows.push([name, ...(await compare(rounds, async () => await prepareImage(bytes), image))]);
	}
	for (const [name, make] of HOSTILE_TEXTS) {
		const base64 = make();
		rows.push([`${name}, as Base64`, ...(await compare(rounds, () => void normaliseBase64(base64), text))]);
	}
	return {
		title: 'Bytes that lead nowhere',
		work: `10 MB of each, and 14 million characters where it is Base64; the shortest of ${rounds} looks, in turns with a valid image`,
		columns: ['', 'time', 'of a valid image'],
		rows: rows.map(([name, ms, ratio]) => [name, milliseconds(ms), times(ratio)]),
		verdicts: [atMost('of a valid image, the longest', Math.max(...rows.map(([, , ratio]) => ratio)), 3, times)],
		notes: [],
	};
}

/** The shortest time of the work, without what disturbed it, and how many times the shortest of the reference that is. */
async function compare(rounds: number, work: Work, reference: Work): Promise<[ms: number, ratio: number]> {
	const own: number[] = [];
	const others: number[] = [];
	for (let round = 0; round < rounds; round += 1) {
		own.push(await timeOf(work));
		others.push(await timeOf(reference));
	}
	return [Math.min(...own), Math.min(...own) / Math.min(...others)];
}

/** How long the work takes, in milliseconds; a refusal is an end like any other. */
async function timeOf(work: Work): Promise<number> {
	const began = performance.now();
	try {
		await work();
	} catch (error) {
		if (!(error instanceof KlingError)) throw error;
	}
	return performance.now() - began;
}
