import type { MediaKind } from './mediaKind';

/**
 * What a file is wanted as, by what it holds. CDNs choose by it: without it many send AVIF or WebP under a name that ends in .jpg. So no
 * other image type is named; whatever the server has comes all the same rather than nothing.
 * Sources: RFC 9110, "Accept"; the types that Kling reads are those of its API reference.
 */
const ACCEPT: Readonly<Record<MediaKind, string>> = {
	image: 'image/jpeg, image/png;q=0.9, */*;q=0.1',
	audio: 'audio/mpeg, audio/mp4, audio/wav, audio/aac, audio/*;q=0.5, */*;q=0.1',
	video: 'video/mp4, video/quicktime, video/*;q=0.5, */*;q=0.1',
};

/**
 * Who asks: servers refuse the names that HTTP clients have by default, and want one that tells whose program it is and where to read of it.
 * Source: Wikimedia's User-Agent policy.
 */
const USER_AGENT = 'n8n-nodes-kling-recognition (https://www.npmjs.com/package/n8n-nodes-kling-recognition)';

/** The headers of a request for a file. */
export const fileHeaders = (kind: MediaKind): Record<string, string> => ({
	Accept: ACCEPT[kind],
	'User-Agent': USER_AGENT,
});
