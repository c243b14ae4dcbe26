import { LONG_HEAD, readHead, SHORT_HEAD } from '../boxes';
import { readMovie, type Movie } from './movie';

/** So many bytes of a file tell what it is. */
const KEPT_BYTES = 512;
/** That of a video of a minute has some hundred kilobytes at most. */
const MOST_HEADER_BYTES = 4_194_304;

/**
 * Finds the header of an MP4 or MOV file while its bytes go by, first or last as it may stand. Of all others only the first few are kept: a
 * file of 100 MB is never in memory as a whole.
 */
export class MovieScan {
	private start = Buffer.alloc(0);
	/** What has come of the head of the next box. */
	private boxHead = Buffer.alloc(0);
	/** How much of the present box is still to come. */
	private left = 0;
	private header: { pieces: Buffer[]; isComplete: boolean } | null = null;
	private isInHeader = false;

	/** Takes the next bytes of the file. */
	append(piece: Buffer): void {
		if (this.start.length < KEPT_BYTES)
			this.start = Buffer.concat([this.start, piece.subarray(0, KEPT_BYTES - this.start.length)]);
		for (let at = 0; at < piece.length;) at += this.left > 0 ? this.goOn(piece, at) : this.begin(piece, at);
	}

	/** The first bytes of the file. */
	get head(): Buffer {
		return this.start;
	}

	/** What the header says, when all bytes have come; null where there is none, or it is damaged. */
	get movie(): Movie | null {
		return this.header?.isComplete ? readMovie(Buffer.concat(this.header.pieces)) : null;
	}

	/** @returns how many bytes belong to the present box */
	private goOn(piece: Buffer, at: number): number {
		const body = piece.subarray(at, at + Math.min(this.left, piece.length));
		this.left -= body.length;
		if (this.isInHeader) {
			this.header!.pieces.push(body);
			this.header!.isComplete ||= this.left === 0;
		}
		return body.length;
	}

	/** @returns how many bytes belong to the head of the next box */
	private begin(piece: Buffer, at: number): number {
		const missing = this.headLength() - this.boxHead.length;
		const bytes = piece.subarray(at, at + missing);
		this.boxHead = Buffer.concat([this.boxHead, bytes]);
		if (this.boxHead.length === this.headLength()) this.open();
		return bytes.length;
	}

	private headLength(): number {
		const isLong = this.boxHead.length >= SHORT_HEAD && this.boxHead.readUInt32BE(0) === 1;
		return isLong ? LONG_HEAD : SHORT_HEAD;
	}

	/** What comes behind a head that makes no sense, is of no box. */
	private open(): void {
		const head = readHead(this.boxHead);
		this.boxHead = Buffer.alloc(0);
		this.left = head ? head.size - head.length : Infinity;
		this.isInHeader = head?.type === 'moov' && this.header === null && this.left <= MOST_HEADER_BYTES;
		if (this.isInHeader) this.header = { pieces: [], isComplete: false };
	}
}
