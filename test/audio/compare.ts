import { execFileSync, spawnSync, type ExecFileSyncOptions } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Table from 'cli-table3';

import { audioLength, checkAudio } from '../../nodes/shared/kling/files/audio/audioLimits';
import { AUDIO_ROWS, type AudioRow } from './files';

/** Holds the lengths that the nodes read against those that ffmpeg's decoder gives: `npm run audio`. */

/** As far as they may be apart, in ms. */
const MOST_APART_MS = 60;
/** What makes and decodes the files. */
const PROGRAMS = ['ffmpeg', 'lame', 'sox'];
/** The rate to which everything is decoded. */
const RATE = 48_000;

interface Compared {
	name: string;
	/** By the nodes: in ms, null where it is unknown. */
	read: number | null;
	/** By the decoder, in ms. */
	decoded: number;
	/** What is wrong. */
	wrong: string | null;
}

function main(): void {
	installPrograms();
	const folder = mkdtempSync(join(tmpdir(), 'kling-audio-'));
	try {
		const rows = AUDIO_ROWS.map((row, index) => compare(row, join(folder, String(index))));
		console.log(tableOf(rows));
		const wrong = rows.filter((row) => row.wrong !== null);
		const unknown = rows.filter(({ read }) => read === null);
		console.log(`${rows.length} files: ${wrong.length} wrong, ${unknown.length} of unknown length`);
		if (wrong.length > 0) process.exitCode = 1;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** Installs what is missing, where it may. @throws Error that names it */
function installPrograms(): void {
	const missing = PROGRAMS.filter((program) => spawnSync('which', [program]).status !== 0);
	if (missing.length === 0) return;
	const mayInstall = process.getuid?.() === 0 && spawnSync('which', ['apt-get']).status === 0;
	if (!mayInstall) throw new Error(`Install these first: ${missing.join(' ')}`);
	console.log(`Installing ${missing.join(' ')}`);
	const options: ExecFileSyncOptions = {
		stdio: ['ignore', 'ignore', 'inherit'],
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
	};
	execFileSync('apt-get', ['update', '-qq'], options);
	execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], options);
}

function compare({ name, make }: AudioRow, folder: string): Compared {
	mkdirSync(folder);
	const path = join(folder, name);
	make(path);
	const bytes = readFileSync(path);
	const read = audioLength(bytes);
	const decoded = decodedMs(path);
	return { name, read, decoded, wrong: refusedAs(bytes) ?? apart(read, decoded) };
}

/** How long the audio is that ffmpeg decodes. What is damaged it decodes as far as it can. */
function decodedMs(path: string): number {
	const args = ['-loglevel', 'quiet', '-i', path, '-map', '0:a:0', '-ac', '1', '-ar', String(RATE), '-f', 's16le', '-'];
	const { stdout } = spawnSync('ffmpeg', args, { maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'ignore'] });
	return (stdout.length / 2 / RATE) * 1000;
}

/** No file of the table is to be refused. */
function refusedAs(bytes: Buffer): string | null {
	try {
		checkAudio(bytes, 'avatar');
		return null;
	} catch (error) {
		return (error as Error).message;
	}
}

function apart(read: number | null, decoded: number): string | null {
	return read !== null && Math.abs(read - decoded) > MOST_APART_MS ? `${Math.round(read - decoded)} ms apart` : null;
}

function tableOf(rows: Compared[]): string {
	const table = new Table({
		head: ['file', 'read, ms', 'decoded, ms', 'apart', ''],
		style: { head: [], border: [], compact: true },
	});
	for (const { name, read, decoded, wrong } of rows) {
		const difference = read === null ? '' : String(Math.round(read - decoded));
		table.push([name, read === null ? 'unknown' : String(read), decoded.toFixed(0), difference, wrong ?? '']);
	}
	return table.toString();
}

main();
