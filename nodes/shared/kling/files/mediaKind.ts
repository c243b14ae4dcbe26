/** What a file holds, as far as this package can use it. */
export type MediaKind = 'image' | 'audio' | 'video';

/** MIME types that say nothing of a file: n8n gives them to what it does not know. */
const UNTOLD = ['', 'application/octet-stream', 'binary/octet-stream', 'text/plain'];

/** What the first bytes of a file say it holds, read as Latin-1; the first row that fits. */
const HEADS: ReadonlyArray<{ kind: MediaKind; pattern: RegExp }> = [
	{ kind: 'image', pattern: /^(\xff\xd8\xff|\x89PNG|GIF8|RIFF[\s\S]{4}WEBP|[\s\S]{4}ftyp(avi[fs]|hei|hev|mif1|msf1))/ },
	{ kind: 'audio', pattern: /^(ID3|\xff[\xe2\xe3\xf0-\xf3\xf8-\xfb]|(RIFF|RF64)[\s\S]{4}WAVE|[\s\S]{4}ftypM4[AB]|OggS|fLaC)/ },
	{ kind: 'video', pattern: /^([\s\S]{4}ftyp|\x1a\x45\xdf\xa3)/ },
];

/** How many bytes `mediaKindOfBytes` looks at. */
export const KIND_BYTES = 12;

/** What a file holds by its MIME type; null for something else, undefined where the type says nothing. */
export function mediaKindOfType(mimeType: string): MediaKind | null | undefined {
	const type = mimeType.split(';')[0]!.trim().toLowerCase();
	if (UNTOLD.includes(type)) return undefined;
	return HEADS.find(({ kind }) => type.startsWith(`${kind}/`))?.kind ?? null;
}

/** What a file holds by its first bytes; null where they tell nothing that is known. */
export function mediaKindOfBytes(head: Buffer): MediaKind | null {
	const start = head.toString('latin1', 0, KIND_BYTES);
	return HEADS.find(({ pattern }) => pattern.test(start))?.kind ?? null;
}
