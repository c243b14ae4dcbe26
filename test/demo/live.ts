import type { IDataObject } from 'n8n-workflow';

import { priceOf } from '../../nodes/shared/kling/prices';
import { loadEngine, type Engine } from '../engine/engine';
import type { LiveRequest } from './arguments';
import { generate, wishesOf, type Audio, type Wishes } from './generate';
import type { Finding } from './nodeRun';
import { identify, recognize } from './recognize';
import { liveImages, liveAudio, liveVideos } from './subjects';
import { creationTable, faceTable, imageTable } from './tables';
import { askYes } from './terminal';
import { saveVideos } from './videos';
import { costOf, count, say, secondsOf, sumUp } from './words';

/** The given images and videos at a live provider: what comes out is the provider's word. @returns whether nothing failed */
export async function runLive(request: LiveRequest): Promise<boolean> {
	const engine = await loadEngine();
	// What cannot be read is said before anything is paid.
	const [imageSubjects, videoSubjects] = [await liveImages(engine, request), liveVideos(request)];
	const audio = request.audio && (await liveAudio(engine, request.audio));
	const start = performance.now();
	const images = await recognize(engine, request.credential, imageSubjects);
	if (images.length > 0) say(`\nRecognize Image\n${imageTable(images)}`);
	const videos = await identify(engine, request.credential, videoSubjects);
	if (videos.length > 0) say(`\nIdentify Face\n${faceTable(videos)}`);
	const found = [...images, ...videos];
	say(`\n${sumUp(images, videos, performance.now() - start)} ${charged(found)}`);
	const isLooked = found.every(({ json }) => json !== null);
	return (audio ? await makeLive(engine, request.credential, wishesOf(images, videos), audio) : true) && isLooked;
}

/** Makes what the person at the terminal agrees to, and nothing else. */
async function makeLive(engine: Engine, credential: IDataObject, wishes: Wishes, audio: Audio): Promise<boolean> {
	const { avatar, lipSync } = wishes;
	if (avatar.length + lipSync.length === 0)
		return say('Nothing can be made: no image with face and head, no face that is ready.');
	const what = [count(avatar.length, 'talking avatar'), count(lipSync.length, 'lip-sync video')].join(' and ');
	const isWanted = await askYes(`
To make now: ${what}. At Kling an avatar costs ${priceOf('avatar')}, and a lip-sync
${priceOf('lipSync')}; gateways have prices of their own. What has begun cannot be called off. Make it? [y/N] `);
	if (!isWanted) return say('Nothing was made: that takes a yes at a terminal.');
	const start = performance.now();
	const made = await generate(engine, credential, wishes, audio);
	say(`\nKling Generation\n${creationTable(made)}`);
	say(`\n${secondsOf(performance.now() - start)}, ${saveVideos(made)}. ${charged(made)}`);
	return made.every(({ json }) => json !== null);
}

function charged(findings: Finding[]): string {
	const cost = costOf(findings.map(({ json }) => json));
	return cost && `Charged, as the provider says: ${cost}.`;
}
