import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { SAMPLES_DIR, SOUND_SAMPLES, VIDEO_RESULT, VIDEO_UPLOAD } from './manifest';

/** Makes the sample sounds and the video that tasks give anew: `tsx test/samples/makeMedia.ts`. Needs ffmpeg on the path. */
function main(): void {
	for (const { file, seconds } of SOUND_SAMPLES)
		make(file, tone(seconds), file.endsWith('.wav') ? SMALL_WAV : ['-ar', '16000', '-b:a', '24k']);
	const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=256x256:rate=10:duration=5.1'];
	const video = ['-c:v', 'libx264', '-preset', 'veryslow', '-crf', '36', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'];
	make(VIDEO_RESULT, [...picture, ...tone(5.1)], [...video, '-ar', '16000', '-b:a', '16k', '-t', '5.1']);
	const large = ['-f', 'lavfi', '-i', 'color=c=teal:size=1280x720:rate=5:duration=3'];
	make(VIDEO_UPLOAD, large, ['-c:v', 'libx264', '-preset', 'veryslow', '-crf', '40', '-pix_fmt', 'yuv420p']);
}

const SMALL_WAV = ['-ar', '8000', '-c:a', 'pcm_u8'];

const tone = (seconds: number): string[] => ['-f', 'lavfi', '-i', `sine=frequency=330:sample_rate=16000:duration=${seconds}`];

function make(file: string, input: string[], output: string[]): void {
	const plain = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags', '+bitexact'];
	execFileSync('ffmpeg', ['-y', '-loglevel', 'error', ...input, ...output, ...plain, join(SAMPLES_DIR, file)]);
}

main();
