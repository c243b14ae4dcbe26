import type { IBinaryData } from 'n8n-workflow';

import { outcomeOf } from '../../shared/engine/failure';
import {
	audioLength,
	audioToSend,
	checkAudio,
	checkAudioBytes,
	MOST_AUDIO_BYTES,
} from '../../shared/kling/files/audio/audioLimits';
import { checkShareLink } from '../../shared/kling/files/shareLinks';
import { asKlingError } from '../../shared/kling/klingError';
import type { Audio } from '../../shared/kling/tasks/taskBodies';
import { openFile } from '../../shared/n8n/binary';
import { fetchFile } from '../../shared/n8n/downloads';
import { PerExecution } from '../../shared/n8n/perExecution';
import { find, type Found, type Source } from '../../shared/n8n/sources';
import type { GenerationItem } from '../options';
import { FetchedFile } from './fetchedFile';
import { MediaFile } from './mediaFile';

/** Audio as it is sent. */
export interface ReadAudio {
	audio: Audio;
	/** How many bytes of Base64 a request body has of it, as far as it is at hand. */
	base64Bytes: number;
	/** The audio, where it is fetched before it is sent. */
	fetched: FetchedFile[];
	/**
	 * Whole milliseconds; null where it is not known. For audio behind a URL it is fetched, so it is asked for last.
	 * @param isNeeded whether nothing else tells where it ends @throws KlingError where it is needed and cannot be fetched
	 */
	length(isNeeded: boolean): Promise<number | null>;
}

/** Finds the audio of an item, and checks it where its bytes are at hand. @throws KlingError where there is none, or it would be refused */
export async function readAudio(item: GenerationItem, source: Source, operation: 'lipSync' | 'avatar'): Promise<ReadAudio> {
	const found = await find(item.fields, source);
	const fetched: FetchedFile[] = [];
	if ('id' in found) return { audio: { audioId: found.id }, base64Bytes: 0, fetched, length: async () => null };
	if ('secretUrl' in found) return fetchedAudio(item, found.secretUrl, operation);
	if ('url' in found) {
		const { url } = found;
		if (item.options.checkInput) checkShareLink(url, 'audio');
		return { audio: { file: url }, base64Bytes: 0, fetched, length: async (isNeeded) => await lengthBehind(item, url, isNeeded) };
	}
	return await audioOfFile(item, (found as Extract<Found, { file: unknown }>).file, operation);
}

/** Audio of a file, as it is sent: what is sent otherwise than it is, is made again for each create, and not kept until then. */
async function audioOfFile(item: GenerationItem, record: IBinaryData, operation: 'lipSync' | 'avatar'): Promise<ReadAudio> {
	const { checkInput } = item.options;
	const file = await openFile(item.run.context, record);
	if (checkInput) checkAudioBytes(file.bytes);
	const isWhole = file.bytes <= MOST_AUDIO_BYTES;
	const make = (bytes: Buffer) => (isWhole ? audioToSend(bytes, record.mimeType ?? '', checkInput) : bytes);
	const bytes = await file.head(MOST_AUDIO_BYTES);
	const sent = make(bytes);
	const length = checkInput ? checkAudio(sent, operation) : isWhole ? audioLength(sent) : null;
	const media =
		sent === bytes
			? new MediaFile(file.bytes, file.writeTo)
			: new MediaFile(sent.length, async (body) => body.append(make(await file.head(MOST_AUDIO_BYTES))));
	return { audio: { file: media }, base64Bytes: media.base64Length, fetched: [], length: async () => length };
}

/** Audio behind a URL that carries a secret: its length is known once it was fetched. */
function fetchedAudio(item: GenerationItem, url: string, operation: 'lipSync' | 'avatar'): ReadAudio {
	const { checkInput } = item.options;
	let length: number | null = null;
	const prepare = async (bytes: Buffer) => {
		const sent = audioToSend(bytes, '', checkInput);
		length = checkInput ? checkAudio(sent, operation) : audioLength(sent);
		return sent;
	};
	const file = new FetchedFile(item, { url, kind: 'audio' }, { most: MOST_AUDIO_BYTES, prepare });
	return { audio: { file }, base64Bytes: 0, fetched: [file], length: async () => length };
}

/** What was read of audio, by its URL; and of which items it could not be: with another length, another try would come to another request, and make another task. */
const lengths = new PerExecution<Map<string, Promise<Read>>>(() => new Map());

type Read = Awaited<ReturnType<typeof fetchLength>>;

/**
 * The length of audio that Kling will fetch: fetched here as well, once in an execution.
 * @param isNeeded whether nothing else tells where it ends
 * @returns null where it is not known
 * @throws KlingError where it is needed and cannot be fetched, or would be refused
 */
async function lengthBehind(item: GenerationItem, url: string, isNeeded: boolean): Promise<number | null> {
	const { context, connection, runIndex, execution } = item.run;
	const known = lengths.of(execution, connection.account);
	const own = `${context.getNode().id} ${runIndex} ${item.index} ${url}`;
	const reading = known.get(own) ?? known.get(url) ?? fetchLength(item, url);
	known.set(known.has(own) ? own : url, reading);
	const fetched = await outcomeOf(async () => await reading, asKlingError);
	if ('failure' in fetched) {
		if (known.get(url) === reading) known.delete(url);
		if (isNeeded) throw fetched.failure;
		known.set(own, Promise.resolve({ result: null }));
		return null;
	}
	if ('failure' in fetched.result) throw fetched.result.failure;
	return fetched.result.result;
}

async function fetchLength(item: GenerationItem, url: string) {
	const { file, free } = await fetchFile(item.run, { url, kind: 'audio' }, MOST_AUDIO_BYTES, item.options);
	free();
	return await outcomeOf(async () => (item.options.checkInput ? checkAudio(file, 'lipSync') : audioLength(file)), asKlingError);
}
