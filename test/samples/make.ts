import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import * as draw from './drawings';
import { SAMPLES_DIR } from './manifest';

/** Draws the sample images anew: `tsx test/samples/make.ts`. */
async function main(): Promise<void> {
	const jpeg = { quality: 80 };
	const png = { palette: true, compressionLevel: 9 };
	for (const name of ['portrait', 'twoPeople', 'garment', 'landscape', 'statue'] as const) {
		const file = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
		await write(`${file}.jpg`, picture(draw[name]()).jpeg(jpeg));
		await write(`${file}.png`, picture(draw[name]()).png(png));
	}
	await write('from-behind.jpg', picture(draw.fromBehind()).jpeg(jpeg));
	await write('small-200.png', picture(draw.portrait()).resize(200, 200).png(png));
	await write('wide-3to1.jpg', picture(draw.landscape()).resize(900, 300, { fit: 'cover' }).jpeg(jpeg));
	await write('webp-named.jpg', picture(draw.garment()).webp(jpeg));
	await write('gif-named.jpg', picture(draw.garment()).gif());
}

const picture = (svg: string): Sharp => sharp(Buffer.from(svg));

async function write(file: string, image: Sharp): Promise<void> {
	writeFileSync(join(SAMPLES_DIR, file), await image.toBuffer());
}

void main();
