const MOST_IDLE = 6;

/**
 * Buffers for request bodies, used again: freed ones are collected late, and would pile up. A buffer comes back only when
 * its request was answered, so that none is overwritten while it may still be on its way. Those that nobody needs are held
 * weakly: the garbage collector takes them in its time.
 */
export class BufferPool {
	private readonly idle: Array<WeakRef<Buffer>> = [];

	/** A buffer of at least `length` bytes with arbitrary content. */
	take(length: number): Buffer {
		const place = this.idle.findIndex((buffer) => fits(buffer.deref(), length));
		const [buffer] = place < 0 ? [] : this.idle.splice(place, 1);
		return buffer?.deref() ?? Buffer.allocUnsafeSlow(Math.ceil(length / 65_536) * 65_536);
	}

	/** Takes a buffer back. */
	give(buffer: Buffer): void {
		if (this.idle.length >= MOST_IDLE) this.idle.shift();
		this.idle.push(new WeakRef(buffer));
	}
}

function fits(buffer: Buffer | undefined, length: number): boolean {
	return buffer !== undefined && buffer.length >= length && buffer.length <= length * 2;
}
