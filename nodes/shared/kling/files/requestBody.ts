import { randomUUID } from 'crypto';

import { refusal } from '../klingError';
import type { JsonObject } from '../values';

/** A request body of a few fields. */
export function jsonBody(fields: JsonObject): Buffer {
	return Buffer.from(JSON.stringify(fields));
}

/** Stands in a body's JSON where the Base64 of a file will be. */
export class FilePlace {
	/** @param bytes the file's exact size; known before a form is made of it */
	constructor(public bytes: number) {}

	/** How long the file is in Base64. */
	get base64Length(): number {
		return Math.ceil(this.bytes / 3) * 4;
	}
}

/** JSON with places for files, each to be filled piece by piece: the text before, between and after them. */
export class BodyForm {
	readonly texts: readonly Buffer[];
	readonly places: readonly FilePlace[];

	/** @param fields JSON, in which any value may be a FilePlace */
	constructor(fields: JsonObject) {
		const mark = randomUUID();
		const places: FilePlace[] = [];
		const text = JSON.stringify(fields, (_key, value: unknown) => {
			if (!(value instanceof FilePlace)) return value;
			places.push(value);
			return mark;
		});
		this.texts = text.split(mark).map((piece) => Buffer.from(piece));
		this.places = places;
	}

	/** The size of the whole body, in bytes. */
	get length(): number {
		return this.texts[0]!.length + (this.places[0]?.base64Length ?? 0) + this.lengthAfter(0);
	}

	/** The size of what comes after the file at `place`, in bytes. */
	lengthAfter(place: number): number {
		const texts = this.texts.slice(place + 1).reduce((sum, { length }) => sum + length, 0);
		return this.places.slice(place + 1).reduce((sum, { base64Length }) => sum + base64Length, texts);
	}
}

/**
 * Builds a body in one given buffer, piece by piece, so that a large file never exists as one text. The files are written in the
 * order of their places.
 */
export class FileBody {
	private end = 0;
	/** Where each file begins, in the order of the places. */
	private readonly starts: number[] = [];
	/** Bytes that do not fill a Base64 group of three yet. */
	private rest = Buffer.alloc(0);

	/** @param buffer where the body is built; at least `form.length` long */
	constructor(
		private readonly form: BodyForm,
		private readonly buffer: Buffer,
	) {
		this.open();
	}

	/** Appends bytes of the present file. */
	append(bytes: Buffer): void {
		const all = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes;
		const whole = all.length - (all.length % 3);
		this.appendBase64(all.toString('base64', 0, whole));
		this.rest = Buffer.from(all.subarray(whole));
	}

	/** Appends bytes that are Base64 already. @throws KlingError where there are more than were announced */
	appendBase64(base64: string): void {
		if (this.end + base64.length + this.form.lengthAfter(this.starts.length - 1) > this.buffer.length) {
			throw refusal('The file is longer than its record in n8n says', 'Load the file again in the previous node.');
		}
		this.end += this.buffer.write(base64, this.end);
	}

	/** The present file is complete, and the next one follows. */
	next(): void {
		this.appendBase64(this.rest.toString('base64'));
		this.rest = Buffer.alloc(0);
		this.open();
	}

	/** Closes the body and returns it: a part of the given buffer. */
	finish(): Buffer {
		if (this.form.places.length > 0) this.next();
		return this.buffer.subarray(0, this.end);
	}

	/** The first `length` bytes of the file at `place`, decoded from the finished body. */
	head(place: number, length: number): Buffer {
		const start = this.starts[place]!;
		const fileEnd = this.starts[place + 1]! - this.form.texts[place + 1]!.length;
		const end = Math.min(start + Math.ceil(length / 3) * 4, fileEnd);
		return Buffer.from(this.buffer.toString('latin1', start, end), 'base64').subarray(0, length);
	}

	private open(): void {
		const text = this.form.texts[this.starts.length]!;
		this.end += text.copy(this.buffer, this.end);
		this.starts.push(this.end);
	}
}

const IMAGE = new BodyForm({ image: new FilePlace(0) });

/** The size of the body around `bytes` image bytes in Base64. */
export function imageBodyLength(bytes: number): number {
	return IMAGE.length + new FilePlace(bytes).base64Length;
}

/** Builds `{"image":"<Base64>"}`. */
export class ImageBody extends FileBody {
	/** @param buffer where the body is built; at least `imageBodyLength(bytes)` long */
	constructor(buffer: Buffer) {
		super(IMAGE, buffer);
	}
}
