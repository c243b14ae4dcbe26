import { FilePlace, type FileBody } from '../../shared/kling/files/requestBody';
import { asKlingError } from '../../shared/kling/klingError';
import { fetchFile } from '../../shared/n8n/downloads';
import type { Wanted } from '../../shared/n8n/transport';
import type { GenerationItem } from '../options';

const NOTHING = Buffer.alloc(0);

/** What may be fetched. */
export interface Limits {
	/** In bytes. */
	most: number;
	/** The file as it is sent. @throws KlingError where it would be refused */
	prepare(file: Buffer): Promise<Buffer>;
}

/** A file that the provider cannot fetch, because its URL carries a secret: it is fetched here before its turn, and sent as Base64. */
export class FetchedFile extends FilePlace {
	/** What was fetched; empty before, and again once it was let go. */
	private file: Buffer = NOTHING;

	constructor(
		private readonly item: GenerationItem,
		private readonly wanted: Wanted,
		private readonly limits: Limits,
	) {
		super(0);
	}

	/** Fetches and checks it. @throws KlingError where it cannot be had, or would be refused */
	async fetch(): Promise<void> {
		const { item, wanted, limits } = this;
		const { file, free } = await fetchFile(item.run, wanted, limits.most, item.options);
		// Room is taken for all files of an item at once: one that waits for the next holds none.
		free();
		this.file = await limits.prepare(file);
		this.bytes = this.file.length;
	}

	async writeTo(body: FileBody): Promise<void> {
		body.append(this.file);
	}

	/** Lets go of its bytes. */
	drop(): void {
		this.file = NOTHING;
	}
}

/** Fetches the files of an item. @returns what lets go of them @throws KlingError where one cannot be had, or would be refused */
export async function fetchAll({ run }: GenerationItem, files: readonly FetchedFile[]): Promise<{ bytes: number; free(): void }> {
	const drop = () => {
		for (const file of files) file.drop();
	};
	try {
		for (const file of files) await file.fetch();
	} catch (error) {
		drop();
		throw asKlingError(error);
	}
	const room = run.account.files.take(files.reduce((sum, { bytes }) => sum + bytes, 0));
	return {
		bytes: files.reduce((sum, { base64Length }) => sum + base64Length, 0),
		free: () => {
			drop();
			room.free();
		},
	};
}
