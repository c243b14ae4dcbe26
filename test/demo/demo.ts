import { loadEngine } from '../engine/engine';
import { KEYS } from '../gateway';
import { readArguments, USAGE, UsageError, type LiveRequest } from './arguments';
import { startLocalGateway } from './local';
import { identify, recognize, type Finding } from './recognize';
import { liveImages, liveVideos, sampleImages, sampleVideos } from './subjects';
import { faceTable, imageTable } from './tables';

/** `npm run demo`: see USAGE. Exit status 0 where everything came out as it should. */
async function main(): Promise<boolean> {
	const request = await readArguments(process.argv.slice(2));
	if (request === 'help') return say(USAGE);
	return request === 'local' ? await runLocal() : await runLive(request);
}

/** The samples at the local gateway: what must come out is known. */
async function runLocal(): Promise<boolean> {
	const gateway = await startLocalGateway();
	try {
		const engine = await loadEngine();
		const start = performance.now();
		const kling = { provider: 'klingGlobal', authentication: 'apiKey', apiKey: KEYS.klingGlobal };
		say('The Kling Recognition node in n8n, at a local gateway that plays the provider: no key, no cost, no network.');
		const images = await recognize(engine, kling, await sampleImages(engine));
		say(`\nRecognize Image, Branch By: Segment\n${imageTable(images)}`);
		const videos = await identify(engine, kling, sampleVideos());
		say(`\nIdentify Face, Branch By: Face Count\n${faceTable(videos)}`);
		const findings = [...images, ...videos];
		say(`\n${sumUp(images, videos, performance.now() - start)} Calls sent: ${gateway.stats().calls}.`);
		say('One image came twice and was sent once; one breaks a limit and was refused before it would cost anything.');
		say('\nWith your own key: npm run demo -- --provider deerApi --image photo.jpg    (more: npm run demo -- --help)');
		return findings.map(isAsExpected).every(Boolean);
	} finally {
		await gateway.close();
	}
}

/** The given images and videos at a live provider: what comes out is the provider's word. */
async function runLive(request: LiveRequest): Promise<boolean> {
	const engine = await loadEngine();
	const [imageSubjects, videoSubjects] = [await liveImages(engine, request), liveVideos(request)];
	const start = performance.now();
	const images = imageSubjects.length === 0 ? [] : await recognize(engine, request.credential, imageSubjects);
	if (images.length > 0) say(`\nRecognize Image\n${imageTable(images)}`);
	const videos = videoSubjects.length === 0 ? [] : await identify(engine, request.credential, videoSubjects);
	if (videos.length > 0) say(`\nIdentify Face\n${faceTable(videos)}`);
	say(`\n${sumUp(images, videos, performance.now() - start)}`);
	return [...images, ...videos].every(({ json }) => json !== null);
}

function sumUp(images: Finding[], videos: Finding[], ms: number): string {
	const counted = [count(images.length, 'image'), count(videos.length, 'video')].filter(Boolean);
	return `${counted.join(' and ')} in ${(ms / 1000).toFixed(1)} s.`;
}

function count(number: number, word: string): string {
	return number === 0 ? '' : `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** Says where something else came out than the samples show. */
function isAsExpected({ subject, json, error }: Finding): boolean {
	const found = json === null ? 'refused' : String(json.detected ?? json.faceCount);
	const wanted = subject.refused ? 'refused' : String(subject.expected);
	if (found !== wanted) say(`${subject.name}: expected ${wanted || 'nothing'}, got ${error || found || 'nothing'}`);
	return found === wanted;
}

function say(text: string): true {
	console.log(text);
	return true;
}

main().then(
	(isGood) => process.exit(isGood ? 0 : 1),
	(error: Error) => {
		console.error(error.message);
		if (error instanceof UsageError) console.error('All options: npm run demo -- --help');
		process.exit(error instanceof UsageError ? 2 : 1);
	},
);
