/** The largest image that Kling takes. */
export const HOSTILE_BYTES = 10 * 2 ** 20;

/** A start, and a piece repeated until the size is reached. */
function filled(start: string, piece: string): Buffer {
	const bytes = Buffer.alloc(HOSTILE_BYTES, piece, 'latin1');
	bytes.write(start, 'latin1');
	return bytes;
}

/** 10 MB that lead whoever looks for an image's size from one place to the next. */
export const HOSTILE_FILES: ReadonlyArray<[name: string, make: () => Buffer]> = [
	['a JPEG of fill bytes', () => filled('\xff\xd8\xff', '\xff')],
	['a JPEG of zeros', () => filled('\xff\xd8\xff', '\0')],
	['a JPEG of empty segments', () => filled('\xff\xd8', '\xff\xe0\0\x02')],
	['a JPEG of segments without a length', () => filled('\xff\xd8', '\xff\xe0\0\0')],
	['a JPEG of markers without a segment', () => filled('\xff\xd8', '\xff\x01')],
	['a JPEG of starts', () => filled('\xff\xd8', '\xff\xd8')],
	['a JPEG of restart markers', () => filled('\xff\xd8\xff', '\xff\xd0\0')],
	['a PNG of signatures', () => filled('', '\x89PNG\r\n\x1a\n')],
	['a PNG of empty chunks', () => filled('\x89PNG\r\n\x1a\n', '\0\0\0\0tEXt\0\0\0\0')],
	['an SVG without end', () => filled('<?xml', ' ')],
	['white space', () => filled('', ' ')],
	['a text', () => filled('', 'a')],
	['a RIFF of RIFFs', () => filled('', 'RIFF')],
	['boxes in boxes', () => filled('', '\0\0\0\x08ftyp')],
];

const repeated = (piece: string): string => piece.repeat((HOSTILE_BYTES * 4) / 3 / piece.length);

/** 14 million characters that are no plain Base64. */
export const HOSTILE_TEXTS: ReadonlyArray<[name: string, make: () => string]> = [
	['padding', () => repeated('=')],
	['white space', () => repeated(' ')],
	['letters between line breaks', () => repeated('A\n')],
	['URL alphabet', () => repeated('-_')],
	['data URLs', () => repeated('data:image/png;base64,')],
	['a data URL of parameters', () => `data:${repeated(';base64')}`],
	['characters that are none', () => repeated('\u0000\ud800')],
];
