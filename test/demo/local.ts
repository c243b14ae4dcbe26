import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import { loadEngine, type Engine } from '../engine/engine';
import { KEYS, startGateway, type Gateway } from '../gateway';
import { sampleBytes } from '../samples/manifest';
import { generate, speak, videoOf, wishesOf, type Creation } from './generate';
import type { Finding } from './nodeRun';
import { identify, recognize } from './recognize';
import { sampleImages, sampleVideos, audioFile, type Subject } from './subjects';
import { creationTable, faceTable, imageTable } from './tables';
import { saveVideos } from './videos';
import { costOf, count, say, secondsOf, sumUp } from './words';

const KLING = { provider: 'klingGlobal', authentication: 'apiKey', apiKey: KEYS.klingGlobal };
const AUDIO = 'tone-3s.mp3';

/** Of all that could be made, one of each kind. */
const MADE_OF = ['portrait.jpg', 'two-faces.mp4'];
/** An avatar, a lip-sync of the one face that is long enough on screen, and a video from words. */
const VIDEOS_MADE = 3;
const GREETING = 'Welcome! It is good to see you.';

/** The samples at the local gateway: what must come out is known. @returns whether it did */
export async function runLocal(): Promise<boolean> {
	const gateway = await startLocalGateway();
	try {
		const engine = await loadEngine();
		say(
			'Kling Recognition and Kling Generation in n8n, at a local gateway that plays the provider: no key, no cost, no network.',
		);
		const [images, videos] = await lookLocally(engine, gateway);
		const isMade = await makeLocally(engine, gateway, images, videos);
		say('\nWith your own key: npm run demo -- --provider deerApi --image photo.jpg    (more: npm run demo -- --help)');
		return [...images, ...videos].map(isAsExpected).every(Boolean) && isMade;
	} finally {
		await gateway.close();
	}
}

/** Starts the local gateway, and leads this process's requests to the providers there. Nothing else can be reached. */
async function startLocalGateway(): Promise<Gateway> {
	const gateway = await startGateway();
	Object.assign(process.env, { HTTP_PROXY: gateway.proxyUrl, HTTPS_PROXY: gateway.proxyUrl, NO_PROXY: '127.0.0.1' });
	setDefaultCACertificates([...getCACertificates('default'), gateway.ca]);
	gateway.control({
		// Long enough to see that calls run side by side.
		latencyMs: 150,
		faults: [
			{ kind: 'html', status: 504, route: 'create', match: '/avatar/', done: true, times: 1 },
			{ kind: 'html', status: 502, route: 'query', match: '/advanced-lip-sync/', times: 1 },
		],
	});
	return gateway;
}

async function lookLocally(engine: Engine, gateway: Gateway): Promise<[images: Finding[], videos: Finding[]]> {
	const start = performance.now();
	const images = await recognize(engine, KLING, await sampleImages(engine));
	say(`\nLook first. Recognize Image, Branch By: Segment\n${imageTable(images)}`);
	const videos = await identify(engine, KLING, sampleVideos());
	say(`\nIdentify Face, Branch By: Face Count\n${faceTable(videos)}`);
	const cost = costOf([...images, ...videos].map(({ json }) => json));
	say(`\n${sumUp(images, videos, performance.now() - start)} Calls sent: ${gateway.stats().calls}, charged: ${cost}.`);
	say(`One image came twice and was sent once; one breaks a limit and was refused before it would cost anything.
Calls run side by side, as many as the account takes: the node finds that number, and all executions of one n8n process share it.`);
	return [images, videos];
}

async function makeLocally(engine: Engine, gateway: Gateway, images: Finding[], videos: Finding[]): Promise<boolean> {
	const start = performance.now();
	const isUsed = ({ subject }: Finding): boolean => MADE_OF.includes(subject.name) && subject.source === 'url';
	const found = wishesOf(images.filter(isUsed), videos.filter(isUsed));
	const spoken = await speak(engine, KLING, found.avatar, GREETING);
	const avatar = spoken.flatMap(({ subject, json, binary }) => (json ? [{ ...subject, item: { json, binary } }] : []));
	const textToVideo: Subject[] = [{ name: 'a prompt alone', source: 'url', item: { json: {} } }];
	const wishes = { ...found, avatar, textToVideo };
	const made = await generate(engine, KLING, wishes, await audioFile(engine, AUDIO, sampleBytes(AUDIO)));
	const took = secondsOf(performance.now() - start);
	const { creates, tasks, queries, units } = gateway.account('klingGlobal');
	const [speech] = spoken.map(({ json }) => json);
	say(
		`\nThen make. Kling Generation, with what was found. The avatar says what Text to Speech made of "${GREETING}"\n(${String(speech?.duration)} s, ${costOf([speech ?? null])}); the video from words is made with a model of Kling's newer form.\n${creationTable(made)}`,
	);
	say(`\n${count(made.length, 'video')} in ${took}, ${saveVideos(made)}.
Requests to create: ${creates}, tasks made: ${tasks}, charged: ${count(units, 'unit')}. Questions for their state, which cost nothing: ${queries}.
On purpose the first answer about the avatar was HTTP 504 although its task was made, and one about the lip-sync HTTP 502: none
was made or paid for twice. The second face of two-faces.mp4 is too short on screen, and was not sent.`);
	return made.filter(isPlayable).length === VIDEOS_MADE && creates === VIDEOS_MADE && tasks === VIDEOS_MADE;
}

/** Says where something else came out than the samples show. */
function isAsExpected({ subject, json, error }: Finding): boolean {
	const found = json === null ? 'refused' : String(json.detected ?? json.faceCount);
	const wanted = subject.refused ? 'refused' : String(subject.expected);
	if (found !== wanted) say(`${subject.name}: expected ${wanted || 'nothing'}, got ${error || found || 'nothing'}`);
	return found === wanted;
}

/** An MP4 file begins with the box that says so. */
const isPlayable = (creation: Creation): boolean => videoOf(creation)?.toString('latin1', 4, 8) === 'ftyp';
