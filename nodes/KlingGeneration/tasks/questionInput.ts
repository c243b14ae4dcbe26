import type { Lane } from '../../shared/engine/lane';
import type { Input } from '../../shared/n8n/operation';

const NOTHING = Buffer.alloc(0);

/** The input of an item that only asks: it sends no body, and its answer is no other item's. */
export function questionInput(lane: Lane): Input {
	const build = async () => ({ bytes: NOTHING, key: null, recycle: () => {} });
	return { key: null, body: { bytes: 0, build }, lane };
}
