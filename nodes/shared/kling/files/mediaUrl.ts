import { refusal } from '../klingError';

/** Endings that plainly say another video type than the .mp4 and .mov that Kling takes. */
const OTHER_VIDEO = /\.(avi|mkv|webm|wmv|flv|f4v|m4v|mpe?g|m2ts|mts|3gp|3g2|ogv|vob|rm|rmvb|asf|m3u8|mpd|gif)$/i;

/** What to do where a web page came, or text, and a file was wanted. */
export const USE_THE_FILE =
	'Use the URL of the file itself, here or in the node that loads it: a private browser window opens it without signing in, and shows nothing but the file.';

const EXAMPLES = { image: 'photo.jpg', video: 'clip.mp4', audio: 'speech.mp3' };

/**
 * Reads a URL that the provider, or this node, will fetch.
 * @param kind what stands behind it, for the message
 * @returns the URL without surrounding space
 * @throws KlingError where it is empty or no http(s) URL
 */
export function readMediaUrl(text: string, kind: keyof typeof EXAMPLES): string {
	const url = text.trim();
	if (url === '') {
		throw refusal(
			`The ${kind} URL is empty`,
			`Enter the URL of the ${kind}, or check that the expression finds one in this item.`,
		);
	}
	if (/^data:/i.test(url)) {
		const other = kind === 'image' ? 'Choose Base64 as Image Source for data URLs, or give' : 'Give';
		throw refusal(`The ${kind} URL is a data URL`, `${other} an http or https URL.`);
	}
	if (/^https?:/i.test(url) && /\s/.test(url)) {
		throw refusal(
			`The ${kind} URL has a space or a line break in it`,
			'Write %20 for a space that belongs to the URL, and check that the expression gives one URL and nothing else.',
		);
	}
	if (!/^https?:\/\/[^/?#]/i.test(url) || !URL.canParse(url)) {
		throw refusal(
			`The ${kind} URL is not a valid http or https URL`,
			`Enter a URL that starts with http:// or https:// and that anyone can open, e.g. https://example.com/${EXAMPLES[kind]}`,
		);
	}
	return url;
}

/**
 * Refuses a video URL whose path plainly ends in another type than .mp4 or .mov. A path without an ending is allowed.
 * Source: Kling's API reference, "Identify Face".
 */
export function checkVideoUrl(url: string): void {
	const ending = OTHER_VIDEO.exec(new URL(url).pathname)?.[0];
	if (ending) {
		throw refusal(
			`The video is a ${ending.toLowerCase()} file, Kling reads .mp4 and .mov only`,
			'Convert the video to .mp4 first.',
		);
	}
}
