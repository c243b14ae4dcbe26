import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { report } from './report';
import { checkCode } from './verify/code';
import { checkContent } from './verify/content';
import { checkOldest } from './verify/oldest';
import { pack } from './verify/pack';
import { scan, SCANNED_SOURCES, SCANNED_TARBALL } from './verify/scan';

const ROOT = join(__dirname, '..');

/** `npm run verify`: packs the package as for npm, and checks what n8n's verification checks, and more. */
async function main(): Promise<boolean> {
	const folder = mkdtempSync(join(tmpdir(), 'kling-verify-'));
	try {
		const { unpacked, files } = pack(ROOT, folder);
		const bytes = files.reduce((sum, { size }) => sum + size, 0);
		console.log(`Packed: ${files.length} files, ${(bytes / 1024).toFixed(0)} KB unpacked.`);
		return [
			report("n8n's scan of the sources", await scan(ROOT, await SCANNED_SOURCES())),
			report("n8n's scan of the package", await scan(unpacked, SCANNED_TARBALL)),
			report('the content of the package', checkContent(files)),
			report('the code in the package', await checkCode(unpacked)),
			report('what the oldest n8n has', checkOldest(ROOT)),
		].every(Boolean);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

main().then(
	(isGood) => process.exit(isGood ? 0 : 1),
	(error: Error) => {
		console.error(error.message);
		process.exit(1);
	},
);
