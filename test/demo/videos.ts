import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { videoOf, type Creation } from './generate';

/** Writes the finished videos into a folder of their own. @returns where they are, in words */
export function saveVideos(creations: Creation[]): string {
	const files = creations.flatMap((creation) => {
		const video = videoOf(creation);
		return video ? [{ name: `${creation.operation}-${String(creation.json!.taskId).replace(/\W/g, '_')}.mp4`, video }] : [];
	});
	if (files.length === 0) return 'nothing to save';
	const folder = mkdtempSync(join(tmpdir(), 'kling-demo-'));
	for (const { name, video } of files) writeFileSync(join(folder, name), video);
	return `saved in ${folder}`;
}
