import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { FileBody } from '../kling/files/requestBody';
import { decodedLength, normaliseBase64 } from '../kling/files/base64';

/** A multiple of three, so that no piece's Base64 waits for the next one; small, so that its memory is used again at once. */
const CHUNK_BYTES = 65_532;

/** A file of an item, in any of n8n's binary modes. */
export interface BinaryFile {
	/** Where n8n keeps the file outside memory, the same id means the same bytes. */
	id: string | null;
	/** Exact size in bytes. */
	bytes: number;
	/** The first `length` bytes, or all where there are fewer. */
	head(length: number): Promise<Buffer>;
	/** Writes the file into a request body. */
	writeTo(body: FileBody): Promise<void>;
}

/** Opens a file of n8n's. */
export async function openFile(context: IExecuteFunctions, file: IBinaryData): Promise<BinaryFile> {
	return file.id ? await storedFile(context, file.id) : fileInMemory(file.data);
}

async function storedFile({ helpers }: IExecuteFunctions, id: string): Promise<BinaryFile> {
	const { fileSize } = await helpers.getBinaryMetadata(id);
	return {
		id,
		// Not every store that n8n can use tells the size.
		bytes: Number.isFinite(fileSize) ? fileSize : await sizeOf(await helpers.getBinaryStream(id, CHUNK_BYTES)),
		head: async (length) => {
			const chunks: Buffer[] = [];
			let missing = length;
			for await (const chunk of await helpers.getBinaryStream(id, CHUNK_BYTES)) {
				chunks.push(chunk as Buffer);
				missing -= (chunk as Buffer).length;
				if (missing <= 0) break;
			}
			return Buffer.concat(chunks).subarray(0, length);
		},
		writeTo: async (body) => {
			for await (const chunk of await helpers.getBinaryStream(id, CHUNK_BYTES)) body.append(chunk as Buffer);
		},
	};
}

/** The bytes of a stored file, piece by piece. */
export async function* piecesOf({ helpers }: IExecuteFunctions, id: string): AsyncGenerator<Buffer> {
	for await (const piece of await helpers.getBinaryStream(id, CHUNK_BYTES)) yield piece as Buffer;
}

async function sizeOf(stream: AsyncIterable<Buffer>): Promise<number> {
	let bytes = 0;
	for await (const chunk of stream) bytes += chunk.length;
	return bytes;
}

/** In n8n's in-memory mode the item holds the file as Base64. A Code node may have put it there in another notation. */
function fileInMemory(data: string): BinaryFile {
	const base64 = data === '' ? data : normaliseBase64(data);
	return { id: null, ...base64File(base64) };
}

/** A file that is there as plain Base64. */
export function base64File(base64: string): Omit<BinaryFile, 'id'> {
	return {
		bytes: decodedLength(base64),
		head: async (length) => Buffer.from(base64.slice(0, Math.ceil(length / 3) * 4), 'base64').subarray(0, length),
		writeTo: async (body) => body.appendBase64(base64),
	};
}
