import { parseArgs } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import { PROVIDERS } from '../../nodes/shared/kling/account/providers';
import { askForKey } from './terminal';

export const USAGE = `Recognizes images, identifies faces in videos, and makes videos from what was found, with the built nodes in n8n's engine.

Without options: the sample images and videos, at a local gateway. No key, no cost, no network.

With options, at a live provider. Every image and video costs what the provider charges for one call.
  --provider name      ${PROVIDERS.map(({ name }) => name).join(', ')}
  --image file         a JPEG or PNG file
  --image-url url      the URL of an image
  --video-url url      the URL of an MP4 or MOV video
  --base-url url       the gateway's base URL (provider custom)
  --key key            the API key
  --access-key key --secret-key key
                       instead of an API key, at Kling itself
--image, --image-url and --video-url can be given several times.

Only with --generate, and only after a question that names what and how much, videos are made, which costs many times more:
a talking avatar of each image that shows a face and a head, a lip-sync of each face that is long enough on screen.
  --generate           offer to make them
  --audio file         what they speak: an MP3, WAV, M4A or AAC file
  --audio-url url      the same by its URL

The key itself is never printed, but npm repeats the line it was given. Better leave --key out: the key is then
taken from the environment variable KLING_API_KEY (or KLING_ACCESS_KEY and KLING_SECRET_KEY), or asked for.`;

/** What a live provider is asked, and with which credential. */
export interface LiveRequest {
	credential: IDataObject;
	images: string[];
	imageUrls: string[];
	videoUrls: string[];
	/** What is to be heard in the videos to make; null: none is made. */
	audio: { file?: string; url?: string } | null;
}

/** A command line that makes no sense; the message says why. */
export class UsageError extends Error {}

/**
 * Reads the command line.
 * @returns the request, `help`, or `local` where there are no options
 * @throws UsageError
 */
export async function readArguments(args: string[]): Promise<LiveRequest | 'help' | 'local'> {
	const values = parse(args);
	if (values.help) return 'help';
	if (Object.keys(values).length === 0) return 'local';
	const { image: images = [], 'image-url': imageUrls = [], 'video-url': videoUrls = [] } = values;
	if (images.length + imageUrls.length + videoUrls.length === 0) {
		throw new UsageError('Say what to recognize: --image, --image-url or --video-url.');
	}
	const audio = readAudio(values);
	return { credential: await readCredential(values), images, imageUrls, videoUrls, audio };
}

function readAudio({ generate = false, audio: file, 'audio-url': url }: ReturnType<typeof parse>): LiveRequest['audio'] {
	const given = [file, url].filter((value) => value !== undefined).length;
	if (given !== (generate ? 1 : 0)) throw new UsageError('--generate needs either --audio or --audio-url, and they need it.');
	return generate ? { file, url } : null;
}

const text = { type: 'string' } as const;

/** The options that say whose key is used, for parseArgs. */
export const CREDENTIAL_OPTIONS = {
	provider: text,
	key: text,
	'access-key': text,
	'secret-key': text,
	'base-url': text,
} as const;

const texts = { type: 'string', multiple: true } as const;

function parse(args: string[]) {
	try {
		return parseArgs({
			args,
			options: {
				help: { type: 'boolean', short: 'h' },
				...CREDENTIAL_OPTIONS,
				image: texts,
				'image-url': texts,
				'video-url': texts,
				generate: { type: 'boolean' },
				audio: text,
				'audio-url': text,
			},
		}).values;
	} catch (error) {
		// The words of parseArgs are not repeated: they can quote an argument, and that could be a key.
		const { code } = error as { code?: string };
		const isUnknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION';
		const why = isUnknown ? 'One of the options is unknown.' : 'An option has no value, or a value has no option.';
		throw new UsageError(why);
	}
}

/**
 * The credential that these options, the environment or the person at the terminal give.
 * @throws UsageError
 */
export async function readCredential(values: Partial<Record<keyof typeof CREDENTIAL_OPTIONS, string>>): Promise<IDataObject> {
	const name = values.provider ?? (values['base-url'] === undefined ? undefined : 'custom');
	if (name === undefined) throw new UsageError('Say where your key comes from: --provider.');
	const provider = PROVIDERS.find((row) => row.name === name);
	if (!provider)
		throw new UsageError(`There is no provider "${name}". There are: ${PROVIDERS.map((row) => row.name).join(', ')}.`);
	const baseUrl = values['base-url'];
	if (provider.baseUrl === null && !baseUrl) throw new UsageError(`The provider ${name} needs --base-url.`);
	if (provider.baseUrl !== null && baseUrl) throw new UsageError('--base-url is for the provider custom only.');

	const accessKey = values['access-key'] ?? process.env.KLING_ACCESS_KEY;
	const secretKey = values['secret-key'] ?? process.env.KLING_SECRET_KEY;
	if (accessKey && secretKey && values.key === undefined) {
		if (!provider.authentications.includes('accessKey')) throw new UsageError(`The provider ${name} takes an API key only.`);
		return { provider: name, authentication: 'accessKey', accessKey, secretKey };
	}
	const apiKey = values.key ?? process.env.KLING_API_KEY ?? (await askForKey(provider.displayName));
	if (!apiKey) throw new UsageError('There is no key: use --key, or set KLING_API_KEY.');
	return { provider: name, authentication: 'apiKey', apiKey, ...(baseUrl ? { baseUrl } : {}) };
}
