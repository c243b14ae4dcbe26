/** A chunk of a WAV file. */
export function chunk(name: string, content: Buffer, size = content.length): Buffer {
	const head = Buffer.alloc(8);
	head.write(name, 'latin1');
	head.writeUInt32LE(size, 4);
	return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

/** How the samples of a WAV file are written. */
export interface Layout {
	format?: number;
	channels?: number;
	rate?: number;
	bits?: number;
	block?: number;
	/** What stands behind, as in an extensible one. */
	more?: Buffer;
}

/** The chunk that says so; 16-bit samples of one channel, 8000 a second, unless it says otherwise. */
export function layout({ format = 1, channels = 1, rate = 8000, bits = 16, block, more = Buffer.alloc(0) }: Layout = {}): Buffer {
	const bytes = Buffer.alloc(16);
	const blockBytes = block ?? (channels * bits) / 8;
	bytes.writeUInt16LE(format, 0);
	bytes.writeUInt16LE(channels, 2);
	bytes.writeUInt32LE(rate, 4);
	bytes.writeUInt32LE(rate * blockBytes, 8);
	bytes.writeUInt16LE(blockBytes, 12);
	bytes.writeUInt16LE(bits, 14);
	return chunk('fmt ', Buffer.concat([bytes, more]));
}

/** A file of chunks. */
export function riff(...chunks: Buffer[]): Buffer {
	return chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...chunks]));
}
