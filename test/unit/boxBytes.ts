/** A box: size, type, content. */
export function box(type: string, ...contents: Buffer[]): Buffer {
	const content = Buffer.concat(contents);
	const head = Buffer.alloc(8);
	head.writeUInt32BE(8 + content.length);
	head.write(type, 4, 'latin1');
	return Buffer.concat([head, content]);
}

/** The same with its size in 64 bits, as writers of large files give it. */
export function longBox(type: string, ...contents: Buffer[]): Buffer {
	const content = Buffer.concat(contents);
	const head = Buffer.alloc(16);
	head.writeUInt32BE(1);
	head.write(type, 4, 'latin1');
	head.writeBigUInt64BE(BigInt(16 + content.length), 8);
	return Buffer.concat([head, content]);
}

/** A box that has no size, and reaches to the end. */
export function openBox(type: string, ...contents: Buffer[]): Buffer {
	const whole = box(type, ...contents);
	whole.writeUInt32BE(0);
	return whole;
}

/** Numbers of 32 bits, one after the other. */
export function numbers(...values: number[]): Buffer {
	const bytes = Buffer.alloc(values.length * 4);
	for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
	return bytes;
}
