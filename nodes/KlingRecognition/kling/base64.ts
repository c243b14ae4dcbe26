import { refusal } from './klingError';

const REMEDY = 'Give the Base64 text of a JPEG or PNG image, with or without a "data:image/...;base64," prefix.';

/**
 * Brings Base64 text into the form that the provider takes: no `data:` prefix, no white space, the standard
 * alphabet, padded.
 * @throws KlingError where the text is empty or no Base64
 */
export function normaliseBase64(text: string): string {
	if (text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)) return text;
	const plain = withoutPrefix(text.trim()).replace(/\s+/g, '').replace(/-/g, '+').replace(/_/g, '/');
	if (plain === '') throw refusal('The Base64 text is empty', REMEDY);
	if (/^https?:\/\//i.test(text.trim())) {
		throw refusal('The Base64 field contains a URL', 'Choose URL as Image Source, or give the Base64 text of an image.');
	}
	const unpadded = plain.replace(/={1,2}$/, '');
	const padded = unpadded + '='.repeat((4 - (unpadded.length % 4)) % 4);
	if (!/^[A-Za-z0-9+/]+$/.test(unpadded) || unpadded.length % 4 === 1 || plain.length > padded.length) {
		throw refusal('The text is not valid Base64', REMEDY);
	}
	return padded;
}

function withoutPrefix(text: string): string {
	if (!/^data:/i.test(text)) return text;
	const comma = text.indexOf(',');
	if (comma < 0 || !/;base64$/i.test(text.slice(0, comma).trim())) {
		throw refusal('The data URL is not Base64-encoded', REMEDY);
	}
	return text.slice(comma + 1);
}

/** How many bytes padded Base64 text stands for. */
export function decodedLength(base64: string): number {
	const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
	return (base64.length / 4) * 3 - padding;
}
