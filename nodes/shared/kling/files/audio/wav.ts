import { audioOf, audioOfBoth, type AudioFile } from './audioReader';

/** How the samples of a WAV file are written. Source: Microsoft, mmreg.h, WAVE_FORMAT_*. */
const PCM = 0x1;
const MS_ADPCM = 0x2;
const FLOAT = 0x3;
const A_LAW = 0x6;
const MU_LAW = 0x7;
const IMA_ADPCM = 0x11;
/** The format stands further back. */
const EXTENSIBLE = 0xfffe;

/** Formats in which each sample has its own bytes, and the byte that stands for silence there. Source for the latter: ITU-T G.711. */
const PLAIN: Readonly<Record<number, (bits: number) => number>> = {
	[PCM]: (bits) => (bits <= 8 ? 0x80 : 0),
	[FLOAT]: () => 0,
	[A_LAW]: () => 0xd5,
	[MU_LAW]: () => 0xff,
};

/** How many samples of each channel so many bytes of a block give. Source: Microsoft, "Multimedia Data Standards Update", 1994. */
const IN_BLOCK: Readonly<Record<number, (bytes: number, channels: number) => number>> = {
	[MS_ADPCM]: (bytes, channels) => Math.floor(((bytes - 7 * channels) * 2) / channels) + 2,
	[IMA_ADPCM]: (bytes, channels) => Math.floor((bytes - 4 * channels) / (4 * channels)) * 8 + 1,
};

/** The parts of a WAV file that tell how long it is. */
interface Wav {
	/** The whole `fmt ` chunk, to be written again as it is. */
	layout: Buffer;
	format: number;
	channels: number;
	/** Samples a second. */
	rate: number;
	/** Of a block, in bytes. */
	block: number;
	/** Of a sample. */
	bits: number;
	/** How many samples each channel is said to have; 0: nothing is said. */
	said: number;
	data: Buffer;
}

/** Whether a file begins as WAV, also as one that may be larger than 4 GB. Source of RF64: EBU Tech 3306. */
export const WAV_HEAD = /^(RIFF|RF64)[\s\S]{4}WAVE/;

/** Reads a WAV file. @returns null where it is damaged. Source: Microsoft, "Multimedia Programming Interface", RIFF. */
export function readWav(bytes: Buffer): AudioFile | null {
	const wav = wavOf(bytes);
	if (!wav) return null;
	const { format, channels, rate, block, said, data } = wav;
	if (PLAIN[format]) return audioOf(Math.floor(data.length / frameBytes(wav)) / rate);
	const inBlock = IN_BLOCK[format];
	// What others write cannot be counted without decoding it.
	if (!inBlock) return { durationMs: null, hasVideo: false };
	const rest = Math.max(inBlock(data.length % block, channels), 0);
	const samples = Math.floor(data.length / block) * inBlock(block, channels) + rest;
	return audioOfBoth(Math.min(said || samples, samples) / rate, samples / rate);
}

/**
 * Fills a WAV file up with silence, where it is shorter.
 * @param mostBytes what would become larger is left
 * @returns the file; what is no WAV, or has a format in which silence cannot be added, as it is
 */
export function filledUp(bytes: Buffer, leastMs: number, mostBytes: number): Buffer {
	const wav = WAV_HEAD.test(bytes.toString('latin1', 0, 12)) ? wavOf(bytes) : null;
	const silence = wav ? PLAIN[wav.format]?.(wav.bits) : undefined;
	const length = wav && readWav(bytes)?.durationMs;
	if (!wav || silence === undefined || !length || length >= leastMs) return bytes;
	const frame = frameBytes(wav);
	const size = Math.ceil((leastMs * wav.rate) / 1000) * frame;
	if (size > mostBytes) return bytes;
	const data = Buffer.alloc(size, silence);
	wav.data.copy(data, 0, 0, wav.data.length - (wav.data.length % frame));
	return wavFile(wav.layout, data);
}

/** A WAV file of 16-bit samples, which have their lower byte first. */
export function wavOfSamples(data: Buffer, channels: number, rate: number): Buffer {
	const layout = Buffer.alloc(16);
	layout.writeUInt16LE(PCM, 0);
	layout.writeUInt16LE(channels, 2);
	layout.writeUInt32LE(rate, 4);
	layout.writeUInt32LE(rate * channels * 2, 8);
	layout.writeUInt16LE(channels * 2, 12);
	layout.writeUInt16LE(16, 14);
	return wavFile(layout, data);
}

function wavFile(layout: Buffer, data: Buffer): Buffer {
	const chunks = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', layout), chunk('data', data)]);
	return chunk('RIFF', chunks);
}

function chunk(name: string, content: Buffer): Buffer {
	const head = Buffer.alloc(8);
	head.write(name, 'latin1');
	head.writeUInt32LE(content.length, 4);
	return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

/** A sample of each channel, in bytes. */
const frameBytes = ({ channels, bits, block }: Wav): number => channels * Math.ceil(bits / 8) || block;

/** The chunks that follow one another: name, size, content, and a byte more where that is odd. */
function wavOf(bytes: Buffer): Wav | null {
	let layout: Buffer | null = null;
	let said = 0;
	let longSize = Infinity;
	for (let at = 12; at + 8 <= bytes.length;) {
		const name = bytes.toString('latin1', at, at + 4);
		const size = bytes.readUInt32LE(at + 4);
		const content = bytes.subarray(at + 8, at + 8 + size);
		if (name === 'fmt ') layout = content;
		if (name === 'fact' && content.length >= 4) said = content.readUInt32LE(0);
		if (name === 'ds64' && content.length >= 16) longSize = Number(content.readBigUInt64LE(8)) || Infinity;
		if (name === 'data') {
			// A file that was written as a stream does not know its length; one that may be large says it elsewhere.
			const length = size === 0 || size === 0xffffffff ? longSize : size;
			return layout && withLayout(layout, said, bytes.subarray(at + 8, at + 8 + length));
		}
		at += 8 + size + (size % 2);
	}
	return null;
}

function withLayout(layout: Buffer, said: number, data: Buffer): Wav | null {
	if (layout.length < 16) return null;
	const format = layout.readUInt16LE(0);
	return {
		layout,
		format: format === EXTENSIBLE && layout.length >= 26 ? layout.readUInt16LE(24) : format,
		channels: layout.readUInt16LE(2),
		rate: layout.readUInt32LE(4),
		block: layout.readUInt16LE(12),
		bits: layout.readUInt16LE(14),
		said,
		data,
	};
}
