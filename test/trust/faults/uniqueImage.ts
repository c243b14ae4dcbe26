import { createHash } from 'node:crypto';

import { sampleBytes } from '../../samples/manifest';

export interface UniqueImage {
	base64: string;
	sha256: string;
}

const known = new Map<string, UniqueImage>();

/** A valid JPEG like no other: the sample landscape with a comment that depends on the name. */
export function uniqueImage(name: string): UniqueImage {
	const made = known.get(name) ?? make(name);
	known.set(name, made);
	return made;
}

function make(name: string): UniqueImage {
	const landscape = sampleBytes('landscape.jpg');
	const note = createHash('sha512').update(name).digest();
	const head = Buffer.from([0xff, 0xfe, 0, note.length + 2]);
	const bytes = Buffer.concat([landscape.subarray(0, 2), head, note, landscape.subarray(2)]);
	return { base64: bytes.toString('base64'), sha256: createHash('sha256').update(bytes).digest('hex') };
}
