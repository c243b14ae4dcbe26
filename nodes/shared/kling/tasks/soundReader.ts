import { ADTS, BufferSource, Input, MP3, MP4, QTFF, WAVE } from 'mediabunny';

/** What a sound file says of itself. */
export interface SoundFile {
	/** Its length in whole milliseconds, never more than it has. */
	durationMs: number;
	/** Whether a picture moves in it as well. */
	hasVideo: boolean;
}

/** Reads a sound file. @throws Error of the library where it is none of the formats, or damaged */
export async function readSoundFile(bytes: Buffer): Promise<SoundFile> {
	const input = new Input({ source: new BufferSource(bytes), formats: [MP3, WAVE, ADTS, MP4, QTFF] });
	try {
		const hasVideo = (await input.getPrimaryVideoTrack()) !== null;
		return { durationMs: Math.floor((await input.computeDuration()) * 1000), hasVideo };
	} finally {
		input.dispose();
	}
}
