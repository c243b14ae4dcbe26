const MOST_IDLE = 6;

/**
 * Buffers for request bodies, used again: freed ones are collected late, and would pile up. A buffer comes back only when
 * its request was answered, so that none is overwritten while it may still be on its way.
 */
export class BufferPool {
	private readonly idle: Buffer[] = [];

	/** A buffer of at least `length` bytes with arbitrary content. */
	take(length: number): Buffer {
		const place = this.idle.findIndex((buffer) => buffer.length >= length && buffer.length <= length * 2);
		const [buffer] = place < 0 ? [] : this.idle.splice(place, 1);
		return buffer ?? Buffer.allocUnsafeSlow(Math.ceil(length / 65_536) * 65_536);
	}

	/** Takes a buffer back. */
	give(buffer: Buffer): void {
		if (this.idle.length >= MOST_IDLE) this.idle.shift();
		this.idle.push(buffer);
	}
}
