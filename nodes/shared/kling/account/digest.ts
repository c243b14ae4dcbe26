import { createHash } from 'crypto';

/** A text that stands for keys and tells none: their SHA-256, in hexadecimal. */
export function digestOf(keys: readonly string[]): string {
	return createHash('sha256').update(JSON.stringify(keys)).digest('hex');
}
