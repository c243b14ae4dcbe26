/** What a made video says of itself. */
export interface MovieFacts {
	seconds?: number;
	width?: number;
	height?: number;
	/** Stored lying and shown upright, or the other way round: `width` and `height` are those of the stored pictures. */
	isTurned?: boolean;
	/** The first brand; null: no `ftyp`, as in QuickTime's oldest files. */
	brand?: string | null;
	/** Whether its header stands behind the pictures, as cameras write it. */
	isHeaderLast?: boolean;
	/** Times of 64 bits. */
	isLong?: boolean;
	/** Written in pieces, with no length in the header. */
	isInPieces?: boolean;
	/** What its tracks hold. */
	tracks?: string[];
	/** How many bytes stand for the pictures. */
	pictures?: number;
	/** What tells it from others that are alike. */
	note?: string;
}

/** The header of an MP4 or MOV video, and bytes in place of the pictures: nothing plays it. Source: ISO/IEC 14496-12. */
export function makeMovie(facts: MovieFacts = {}): Buffer {
	const { brand = 'isom', isHeaderLast = false, isInPieces = false, pictures = 64, note = '', tracks = ['soun', 'vide'] } = facts;
	const moov = box('moov', mvhd(facts), ...tracks.map((handler) => track(handler, facts)), ...(isInPieces ? [box('mvex')] : []));
	const mdat = box('mdat', Buffer.from(note), Buffer.alloc(pictures));
	const start = brand === null ? [] : [box('ftyp', Buffer.from(`${brand}\0\0\0\0isom`, 'latin1'))];
	return Buffer.concat([...start, ...(isHeaderLast ? [mdat, moov] : [moov, mdat])]);
}

/** A box. */
export function box(type: string, ...content: Buffer[]): Buffer {
	const head = Buffer.alloc(8);
	head.writeUInt32BE(8 + content.reduce((sum, { length }) => sum + length, 0));
	head.write(type, 4, 'latin1');
	return Buffer.concat([head, ...content]);
}

const SCALE = 600;

function mvhd({ seconds = 5, isLong = false, isInPieces = false }: MovieFacts): Buffer {
	const units = isInPieces ? 0 : Math.round(seconds * SCALE);
	const content = Buffer.alloc(isLong ? 112 : 100);
	content[0] = isLong ? 1 : 0;
	content.writeUInt32BE(SCALE, isLong ? 20 : 12);
	if (isLong) content.writeBigUInt64BE(BigInt(units), 24);
	else content.writeUInt32BE(units, 16);
	return box('mvhd', content);
}

function track(handler: string, facts: MovieFacts): Buffer {
	const hdlr = Buffer.alloc(24);
	hdlr.write(handler, 8, 'latin1');
	const description = handler === 'vide' ? [box('minf', box('stbl', stsd(facts)))] : [];
	return box('trak', tkhd(facts), box('mdia', box('hdlr', hdlr), ...description));
}

function tkhd({ isTurned = false, isLong = false }: MovieFacts): Buffer {
	const content = Buffer.alloc(isLong ? 96 : 84);
	content[0] = isLong ? 1 : 0;
	const matrix = isLong ? 52 : 40;
	for (const [place, value] of isTurned ? [[4, 1], [12, -1]] : [[0, 1], [16, 1]]) content.writeInt32BE(value! * 65_536, matrix + place!); // prettier-ignore
	return box('tkhd', content);
}

function stsd({ width = 1280, height = 720 }: MovieFacts): Buffer {
	const content = Buffer.alloc(8 + 86);
	content.writeUInt32BE(1, 4);
	content.writeUInt32BE(86, 8);
	content.write('avc1', 12, 'latin1');
	content.writeUInt16BE(width, 40);
	content.writeUInt16BE(height, 42);
	return box('stsd', content);
}
