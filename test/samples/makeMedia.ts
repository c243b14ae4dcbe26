import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import sharp from 'sharp';
import { SAMPLES_DIR, SOUND_SAMPLES, VIDEO_RESULT, VIDEO_UPLOAD } from './manifest';
import { scene, SCENE } from './scene';

/** Makes the sample sounds and the video that tasks give anew: `tsx test/samples/makeMedia.ts`. Needs ffmpeg on the path. */
async function main(): Promise<void> {
	for (const { file, seconds } of SOUND_SAMPLES)
		make(file, tone(seconds), file.endsWith('.wav') ? SMALL_WAV : ['-ar', '16000', '-b:a', '24k']);
	const frames = [
		'-f',
		'rawvideo',
		'-pix_fmt',
		'rgb24',
		'-s',
		`${SCENE.width}x${SCENE.height}`,
		'-r',
		String(SCENE.rate),
		'-i',
		'-',
	];
	const video = [
		'-c:v',
		'libx264',
		'-preset',
		'veryslow',
		'-tune',
		'animation',
		'-crf',
		'29',
		'-threads',
		'1',
		'-pix_fmt',
		'yuv420p',
	];
	const sound = ['-ar', '16000', '-b:a', '16k', '-t', String(SCENE.seconds), '-movflags', '+faststart'];
	make(VIDEO_RESULT, [...frames, ...MELODY], [...video, ...sound], await drawn());
	const large = ['-f', 'lavfi', '-i', 'color=c=teal:size=1280x720:rate=5:duration=3'];
	make(VIDEO_UPLOAD, large, ['-c:v', 'libx264', '-preset', 'veryslow', '-crf', '40', '-pix_fmt', 'yuv420p']);
}

/** The pixels of all frames, one after the other. */
async function drawn(): Promise<Buffer> {
	const frames: Buffer[] = [];
	for (let frame = 0; frame < SCENE.seconds * SCENE.rate; frame += 1) {
		const svg = Buffer.from(scene(frame / SCENE.rate));
		frames.push(await sharp(svg).removeAlpha().raw().toBuffer());
	}
	return Buffer.concat(frames);
}

/** The notes of a chord, one after the other, each dying away. */
const NOTE = 'exp(-4*mod(t,0.6))*sin(2*PI*t*262*pow(2,mod(floor(t/0.6),4)/3))';
const MELODY = ['-f', 'lavfi', '-i', `aevalsrc='0.3*${NOTE}':s=16000:d=${SCENE.seconds}`];

const SMALL_WAV = ['-ar', '8000', '-c:a', 'pcm_u8'];

const tone = (seconds: number): string[] => ['-f', 'lavfi', '-i', `sine=frequency=330:sample_rate=16000:duration=${seconds}`];

function make(file: string, input: string[], output: string[], frames?: Buffer): void {
	const plain = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags', '+bitexact'];
	execFileSync('ffmpeg', ['-y', '-loglevel', 'error', ...input, ...output, ...plain, join(SAMPLES_DIR, file)], {
		input: frames,
	});
}

void main();
