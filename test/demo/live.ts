import { loadEngine, type Engine } from '../engine/engine';
import type { LiveRequest } from './arguments';
import { generate, wishesOf, type Wishes } from './generate';
import type { Finding } from './nodeRun';
import { identify, recognize } from './recognize';
import { liveImages, liveSound, liveVideos } from './subjects';
import { creationTable, faceTable, imageTable } from './tables';
import { askYes } from './terminal';
import { saveVideos } from './videos';
import { costOf, count, say, secondsOf, sumUp } from './words';

/** The given images and videos at a live provider: what comes out is the provider's word. @returns whether nothing failed */
export async function runLive(request: LiveRequest): Promise<boolean> {
	const engine = await loadEngine();
	const [imageSubjects, videoSubjects] = [await liveImages(engine, request), liveVideos(request)];
	const start = performance.now();
	const images = await recognize(engine, request.credential, imageSubjects);
	if (images.length > 0) say(`\nRecognize Image\n${imageTable(images)}`);
	const videos = await identify(engine, request.credential, videoSubjects);
	if (videos.length > 0) say(`\nIdentify Face\n${faceTable(videos)}`);
	const found = [...images, ...videos];
	say(`\n${sumUp(images, videos, performance.now() - start)} ${charged(found)}`);
	const isLooked = found.every(({ json }) => json !== null);
	return (request.sound ? await makeLive(engine, request, wishesOf(images, videos)) : true) && isLooked;
}

/** Makes what the person at the terminal agrees to, and nothing else. */
async function makeLive(engine: Engine, request: LiveRequest, wishes: Wishes): Promise<boolean> {
	const { avatar, lipSync } = wishes;
	if (avatar.length + lipSync.length === 0)
		return say('Nothing can be made: no image with face and head, no face that is ready.');
	const what = [count(avatar.length, 'talking avatar'), count(lipSync.length, 'lip-sync video')].join(' and ');
	const sound = await liveSound(engine, request.sound!);
	const isWanted = await askYes(`
With --generate, ${what} can be made now. Kling's list price is about 0.06 USD for each second of an avatar, and 0.07 USD for
5 seconds of a lip-sync; gateways have prices of their own. What has begun cannot be called off. Make them? [y/N] `);
	if (!isWanted) return say('Nothing was made.');
	const start = performance.now();
	const made = await generate(engine, request.credential, wishes, sound);
	say(`\nKling Generation\n${creationTable(made)}`);
	say(`\n${secondsOf(performance.now() - start)}: ${saveVideos(made)} ${charged(made)}`);
	return made.every(({ json }) => json !== null);
}

function charged(findings: Finding[]): string {
	const cost = costOf(findings.map(({ json }) => json));
	return cost && `Charged, as the provider says: ${cost}.`;
}
