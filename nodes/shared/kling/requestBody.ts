import { refusal } from './klingError';

const START = Buffer.from('{"image":"');
const END = Buffer.from('"}');

/** The size of the body around `bytes` image bytes in Base64. */
export function imageBodyLength(bytes: number): number {
	return START.length + Math.ceil(bytes / 3) * 4 + END.length;
}

/** A request body of a few fields. */
export function jsonBody(fields: Record<string, string>): Buffer {
	return Buffer.from(JSON.stringify(fields));
}

/**
 * Builds `{"image":"<Base64>"}` in one given buffer, piece by piece, so that a large image never exists as one text.
 */
export class ImageBody {
	private end = START.length;
	/** Bytes that do not fill a Base64 group of three yet. */
	private rest = Buffer.alloc(0);

	/** @param buffer where the body is built; at least `imageBodyLength(bytes)` long */
	constructor(private readonly buffer: Buffer) {
		START.copy(buffer);
	}

	/** Appends image bytes. */
	append(bytes: Buffer): void {
		const all = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes;
		const whole = all.length - (all.length % 3);
		this.appendBase64(all.toString('base64', 0, whole));
		this.rest = Buffer.from(all.subarray(whole));
	}

	/** Appends image bytes that are Base64 already. @throws KlingError where there are more than were announced */
	appendBase64(base64: string): void {
		if (this.end + base64.length + END.length > this.buffer.length) {
			throw refusal('The file is longer than its record in n8n says', 'Load the file again in the previous node.');
		}
		this.end += this.buffer.write(base64, this.end, 'latin1');
	}

	/** Closes the body and returns it: a part of the given buffer. */
	finish(): Buffer {
		this.appendBase64(this.rest.toString('base64'));
		this.rest = Buffer.alloc(0);
		return this.buffer.subarray(0, this.end + END.copy(this.buffer, this.end));
	}

	/** The image's first `length` bytes, decoded from a finished `body`. */
	static head(body: Buffer, length: number): Buffer {
		const end = Math.min(START.length + Math.ceil(length / 3) * 4, body.length - END.length);
		return Buffer.from(body.toString('latin1', START.length, end), 'base64').subarray(0, length);
	}
}
