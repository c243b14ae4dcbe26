import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One audio file to make: what it is called, and how. */
export interface AudioRow {
	/** A name that says what it is, with its ending. */
	name: string;
	make(path: string): void;
}

const QUIET = ['-y', '-hide_banner', '-loglevel', 'error'];
/** Lengths in seconds: for a lip-sync the shortest, some that fill no frame, and a longer one. */
const LENGTHS = [2, 2.345, 3.7];
const LONG = 31.07;

/** Sound that differs from one sample to the next, so that encoders have work. */
function source(seconds: number, rate: number, channels: number): string[] {
	const tones = Array.from(
		{ length: channels },
		(_, channel) => `0.3*sin(${220 + 110 * channel}*2*PI*t)+0.02*random(${channel})`,
	);
	return ['-f', 'lavfi', '-i', `aevalsrc=${tones.join('|')}:s=${rate}:d=${seconds}`];
}

const ffmpeg = (...args: string[]): void =>
	void execFileSync('ffmpeg', [...QUIET, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
const pcmOf = (seconds: number, rate: number, channels: number, ...format: string[]): Buffer =>
	execFileSync('ffmpeg', [...QUIET, ...source(seconds, rate, channels), ...format, '-'], { maxBuffer: 1e9 });

interface Wish {
	seconds?: number;
	rate?: number;
	channels?: number;
}

/** A file that ffmpeg makes of sound, by these arguments. */
function plain(name: string, args: string[], { seconds = 3.7, rate = 44_100, channels = 1 }: Wish = {}): AudioRow {
	return { name, make: (path) => ffmpeg(...source(seconds, rate, channels), ...args, path) };
}

/** The same with a cover picture. */
function withCover(name: string, args: string[], picture: string[], wish: Wish = {}): AudioRow {
	const { seconds = 3.7, rate = 44_100, channels = 2 } = wish;
	const cover = ['-f', 'lavfi', '-i', 'testsrc=size=300x300:rate=1:duration=1'];
	const make = (path: string) =>
		ffmpeg(
			...source(seconds, rate, channels),
			...cover,
			'-map',
			'0:a',
			'-map',
			'1:v',
			'-frames:v',
			'1',
			...picture,
			...args,
			path,
		);
	return { name, make };
}

/** A file whose bytes are changed after it was made. */
function changed(name: string, row: AudioRow, change: (path: string) => void): AudioRow {
	return {
		name,
		make: (path) => {
			row.make(path);
			change(path);
		},
	};
}

/** A file of another one, without encoding anew. */
function copied(name: string, row: AudioRow, before: string[], behind: string[] = []): AudioRow {
	const make = (path: string) => {
		const first = join(path, '..', `first-${row.name}`);
		row.make(first);
		ffmpeg(...before, '-i', first, '-c', 'copy', ...behind, path);
	};
	return { name, make };
}

/** WAV by ffmpeg's encoders; where the encoder cannot be heard of its samples, the length is unknown. */
const WAV_CODECS = [
	'pcm_u8',
	'pcm_s16le',
	'pcm_s24le',
	'pcm_s32le',
	'pcm_s64le',
	'pcm_f32le',
	'pcm_f64le',
	'pcm_alaw',
	'pcm_mulaw',
];
const ADPCM_CODECS = ['adpcm_ms', 'adpcm_ima_wav'];
const OTHER_WAV_CODECS = ['adpcm_yamaha', 'libgsm_ms', 'g722', 'mp2'];

function wavRows(): AudioRow[] {
	const rates = [8000, 22_050, 48_000];
	return [
		...WAV_CODECS.map((codec, index) =>
			plain(`${codec}.wav`, ['-c:a', codec], { rate: rates[index % 3]!, channels: 1 + (index % 2) }),
		),
		...LENGTHS.flatMap((seconds) =>
			rates.map((rate) => plain(`s16-${rate}-${seconds}s.wav`, [], { seconds, rate, channels: 2 })),
		),
		plain('s16-8-channels.wav', [], { channels: 8, rate: 16_000 }),
		plain('s16-rf64.wav', ['-rf64', 'always']),
		plain('s16-rf64-auto.wav', ['-rf64', 'auto']),
		plain('s16-bext-and-tags.wav', ['-write_bext', '1', '-metadata', 'title=Speech', '-metadata', 'description=odd']),
		plain('s16-peak.wav', ['-write_peak', 'on']),
		...ADPCM_CODECS.flatMap((codec) =>
			[8000, 22_050, 44_100].flatMap((rate) =>
				[1, 2].map((channels) =>
					plain(`${codec}-${rate}-${channels}ch.wav`, ['-c:a', codec], { rate, channels, seconds: 2.345 }),
				),
			),
		),
		plain('ima-small-blocks.wav', ['-c:a', 'adpcm_ima_wav', '-block_size', '256'], { rate: 8000 }),
		plain('ms-48s.wav', ['-c:a', 'adpcm_ms'], { rate: 11_025, seconds: 48 }),
		...OTHER_WAV_CODECS.map((codec) => plain(`${codec}.wav`, ['-c:a', codec], { rate: codec === 'libgsm_ms' ? 8000 : 16_000 })),
		...['pcm_s16le', 'pcm_mulaw', 'adpcm_ms'].map((codec): AudioRow => {
			const args = ['-c:a', codec, '-f', 'wav'];
			return { name: `${codec}-stream.wav`, make: (path) => writeFileSync(path, pcmOf(3.7, 16_000, 1, ...args)) };
		}),
		changed('s16-cut.wav', plain('s16.wav', [], { rate: 16_000 }), (path) => cut(path, 100_001)),
	];
}

function cut(path: string, bytes: number): void {
	execFileSync('truncate', ['-s', String(bytes), path]);
}

const MP3_RATES = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

function mp3Rows(): AudioRow[] {
	const lame = ['-c:a', 'libmp3lame'];
	return [
		...MP3_RATES.flatMap((rate) => [
			plain(`lame-${rate}.mp3`, [...lame, '-b:a', '32k'], { rate }),
			plain(`lame-vbr-${rate}.mp3`, [...lame, '-q:a', '6'], { rate, seconds: 2.345, channels: 2 }),
			plain(`lame-no-index-${rate}.mp3`, [...lame, '-b:a', '32k', '-write_xing', '0'], { rate, seconds: 2.345 }),
		]),
		plain('lame-abr.mp3', [...lame, '-abr', '1', '-b:a', '96k'], { channels: 2 }),
		plain('lame-no-reservoir.mp3', [...lame, '-reservoir', '0', '-b:a', '64k']),
		plain('lame-320k.mp3', [...lame, '-b:a', '320k'], { channels: 2 }),
		plain('lame-joint.mp3', [...lame, '-joint_stereo', '1', '-b:a', '128k'], { channels: 2, seconds: LONG }),
		plain('lame-id3v1.mp3', [...lame, '-write_id3v1', '1', '-id3v2_version', '0', '-metadata', 'title=Speech']),
		plain('lame-id3v23.mp3', [...lame, '-id3v2_version', '3', '-metadata', `comment=${'long '.repeat(400)}`]),
		plain('lame-no-tags.mp3', [...lame, '-id3v2_version', '0']),
		...[32_000, 44_100, 48_000].map((rate) =>
			plain(`shine-${rate}.mp3`, ['-c:a', 'libshine', '-b:a', '128k'], { rate, channels: 2 }),
		),
		withCover('cover.mp3', [...lame, '-id3v2_version', '3'], ['-c:v', 'mjpeg', '-disposition:v', 'attached_pic']),
		copied('cut-out.mp3', plain('lame.mp3', [...lame, '-b:a', '64k'], { seconds: 8 }), ['-ss', '2', '-t', '3.3']),
		changed('cut-off.mp3', plain('lame.mp3', [...lame, '-b:a', '64k'], { seconds: 8 }), (path) => cut(path, 30_000)),
		{ name: 'two-in-one.mp3', make: joined },
		program('lame-program-cbr.mp3', 'lame', ['-b', '64', '--cbr']),
		program('lame-program-vbr.mp3', 'lame', ['-V', '5']),
		program('lame-program-no-tag.mp3', 'lame', ['-t', '-b', '48']),
		program('lame-program-16k.mp3', 'lame', ['--resample', '16', '-b', '32']),
		program('lame-program-8k.mp3', 'lame', ['--resample', '8', '-b', '16', '-m', 'm']),
	];
}

/** Two files behind one another, as programs join them that know nothing of MP3. */
function joined(path: string): void {
	const one = execFileSync('ffmpeg', [
		...QUIET,
		...source(2.345, 24_000, 1),
		'-c:a',
		'libmp3lame',
		'-f',
		'mp3',
		'-id3v2_version',
		'0',
		'-',
	]);
	writeFileSync(path, Buffer.concat([one, one]));
}

/** A file by another encoder's own program, which reads WAV. */
function program(name: string, command: 'lame' | 'sox', args: string[], wish: Wish = {}): AudioRow {
	const { seconds = 3.7, rate = 44_100, channels = 1 } = wish;
	const make = (path: string) => {
		const first = `${path}.first.wav`;
		ffmpeg(...source(seconds, rate, channels), first);
		const whole = command === 'lame' ? ['--quiet', ...args, first, path] : [first, ...args, path];
		execFileSync(command, whole, { stdio: ['ignore', 'ignore', 'pipe'] });
	};
	return { name, make };
}

function soxRows(): AudioRow[] {
	return [
		program('sox-ms-adpcm.wav', 'sox', ['-e', 'ms-adpcm'], { rate: 22_050 }),
		program('sox-ima-adpcm.wav', 'sox', ['-e', 'ima-adpcm'], { rate: 22_050 }),
		program('sox-ima-adpcm-8k.wav', 'sox', ['-e', 'ima-adpcm'], { rate: 8000, channels: 2, seconds: 2.345 }),
		program('sox-gsm.wav', 'sox', ['-e', 'gsm-full-rate'], { rate: 8000 }),
		program('sox-a-law.wav', 'sox', ['-e', 'a-law'], { rate: 8000 }),
		program('sox-mu-law.wav', 'sox', ['-e', 'u-law'], { rate: 8000 }),
		program('sox-float.wav', 'sox', ['-e', 'floating-point', '-b', '32']),
		program('sox-24-bit.wav', 'sox', ['-b', '24'], { channels: 2 }),
		program('sox-8-bit.wav', 'sox', ['-b', '8'], { rate: 11_025 }),
	];
}

const AAC_RATES = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];

function aacRows(): AudioRow[] {
	const aac = ['-c:a', 'aac'];
	return [
		...AAC_RATES.map((rate) => plain(`adts-${rate}.aac`, aac, { rate })),
		...LENGTHS.map((seconds) => plain(`adts-${seconds}s.aac`, [...aac, '-b:a', '96k'], { seconds, channels: 2 })),
		plain('adts-mpeg2.aac', [...aac, '-write_mpeg2', '1']),
		plain('adts-id3.aac', [...aac, '-write_id3v2', '1', '-metadata', 'title=Speech']),
		plain('adts-5.1.aac', aac, { channels: 6, rate: 48_000 }),
		plain('adts-fast.aac', [...aac, '-aac_coder', 'fast'], { seconds: LONG }),
		changed('adts-cut.aac', plain('adts.aac', aac), (path) => cut(path, 20_000)),
	];
}

function m4aRows(): AudioRow[] {
	const aac = ['-c:a', 'aac'];
	const jpeg = ['-c:v', 'mjpeg'];
	const still = ['-disposition:v', 'attached_pic'];
	const speech = plain('speech.m4a', aac, { rate: 24_000, seconds: 8 });
	const low = plain('low.m4a', aac, { rate: 8000, seconds: 8 });
	return [
		...AAC_RATES.flatMap((rate) => LENGTHS.map((seconds) => plain(`aac-${rate}-${seconds}s.m4a`, aac, { rate, seconds }))),
		plain('aac-long.m4a', aac, { seconds: LONG, channels: 2 }),
		plain('aac-5.1.m4a', aac, { channels: 6, rate: 48_000 }),
		plain('faststart.m4a', [...aac, '-movflags', '+faststart'], { rate: 24_000 }),
		plain('no-edit-list.m4a', [...aac, '-use_editlist', '0'], { rate: 24_000 }),
		plain('no-edit-list-8k.m4a', [...aac, '-use_editlist', '0'], { rate: 8000 }),
		plain('brand-isom.mp4', aac, { channels: 2 }),
		plain('sound-only.mov', aac, { channels: 2 }),
		plain('brand-3gp.3gp', aac, { rate: 16_000 }),
		plain('timescale.m4a', [...aac, '-movie_timescale', '90000'], { rate: 22_050 }),
		...[8000, 44_100].map((rate) => plain(`alac-${rate}.m4a`, ['-c:a', 'alac'], { rate, channels: 2, seconds: 2.345 })),
		plain('mp3-in-mp4.mp4', ['-c:a', 'libmp3lame'], { rate: 24_000 }),
		plain('pieces.m4a', [...aac, '-movflags', '+frag_keyframe+empty_moov'], { rate: 24_000 }),
		plain('pieces-dash.m4a', [...aac, '-movflags', '+dash', '-frag_duration', '500000'], { rate: 24_000 }),
		plain('pieces-delayed.m4a', [...aac, '-movflags', '+delay_moov+frag_keyframe', '-frag_duration', '1000000'], { rate: 8000 }),
		withCover('cover.m4a', aac, [...jpeg, ...still]),
		withCover('cover-png.m4a', aac, ['-c:v', 'png', ...still]),
		withCover('cover-track.mp4', aac, jpeg),
		withCover('cover-track-png.mp4', aac, ['-c:v', 'png']),
		withCover('cover-track.mov', aac, jpeg),
		withCover('cover-8k.m4a', aac, [...jpeg, ...still], { rate: 8000, channels: 1 }),
		copied('cut-out.m4a', speech, ['-ss', '2.1'], ['-t', '3.3']),
		copied('cut-out-8k.m4a', low, ['-ss', '2.1'], ['-t', '3.3']),
		copied('later.m4a', speech, ['-itsoffset', '0.8']),
		copied('a-bit-later.m4a', speech, ['-itsoffset', '0.03']),
		copied('from-adts.m4a', plain('adts.aac', aac, { rate: 16_000 }), []),
		changed('cut-off.m4a', plain('fast.m4a', [...aac, '-movflags', '+faststart'], { seconds: 8 }), (path) => cut(path, 40_000)),
	];
}

/** The files, one row each, by format. */
export const AUDIO_ROWS: readonly AudioRow[] = [...wavRows(), ...soxRows(), ...mp3Rows(), ...aacRows(), ...m4aRows()];
