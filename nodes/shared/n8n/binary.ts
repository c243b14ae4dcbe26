import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { FileBody } from '../kling/requestBody';
import { decodedLength, normaliseBase64 } from '../kling/base64';

/** A multiple of three, so that no piece's Base64 waits for the next one; small, so that its memory is used again at once. */
const CHUNK_BYTES = 65_532;

/** A binary file of an input item, in any of n8n's binary modes. */
export interface BinaryFile {
	/** Where n8n keeps the file outside memory, the same id means the same bytes. */
	id: string | null;
	/** Exact size in bytes. */
	bytes: number;
	/** Writes the file into a request body. */
	writeTo(body: FileBody): Promise<void>;
}

/** Opens a binary file. @throws Error of n8n where the item has no such file */
export async function openBinary(context: IExecuteFunctions, itemIndex: number, propertyName: string): Promise<BinaryFile> {
	const data = context.helpers.assertBinaryData(itemIndex, propertyName);
	return data.id ? await storedFile(context, data.id) : fileInMemory(data);
}

async function storedFile(context: IExecuteFunctions, id: string): Promise<BinaryFile> {
	const { fileSize } = await context.helpers.getBinaryMetadata(id);
	return {
		id,
		bytes: fileSize,
		writeTo: async (body) => {
			for await (const chunk of await context.helpers.getBinaryStream(id, CHUNK_BYTES)) body.append(chunk as Buffer);
		},
	};
}

/** In n8n's in-memory mode the item holds the file as Base64. A Code node may have put it there in another notation. */
function fileInMemory({ data }: IBinaryData): BinaryFile {
	const base64 = data === '' ? data : normaliseBase64(data);
	return { id: null, bytes: decodedLength(base64), writeTo: async (body) => body.appendBase64(base64) };
}
