import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from '../../gateway/after';

// n8n reads these when it is loaded: import this file before the engine.
const folder = mkdtempSync(join(tmpdir(), 'kling-log-'));
const file = join(folder, 'n8n.log');
process.env.N8N_LOG_LEVEL = 'debug';
process.env.N8N_LOG_OUTPUT = 'file';
process.env.N8N_LOG_FILE_LOCATION = file;
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** What n8n has written to its log at debug level so far. */
export async function debugLog(): Promise<string> {
	// The log is written behind n8n's back: wait for it to stop growing.
	for (let before = -1, now = 0; before !== now; before = now, now = read().length) await after(200);
	return read();
}

function read(): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}
