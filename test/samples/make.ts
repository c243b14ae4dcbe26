import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import * as draw from './drawings';
import { PUBLISHED_DIR, SAMPLES_DIR } from './manifest';

/** Draws the sample images anew, and those that the examples name: `tsx test/samples/make.ts`. */
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
	const tiny = { palette: true, colours: 8, dither: 0, compressionLevel: 9, effort: 10 };
	await write('garment.png', picture(draw.garment()).png(tiny), PUBLISHED_DIR);
	await write('landscape.png', picture(draw.landscape()).png(tiny), PUBLISHED_DIR);
	await write('small-200.png', picture(draw.portrait()).resize(200, 200).png(tiny), PUBLISHED_DIR);
}

const picture = (svg: string): Sharp => sharp(Buffer.from(svg));

async function write(file: string, image: Sharp, folder = SAMPLES_DIR): Promise<void> {
	writeFileSync(join(folder, file), await image.toBuffer());
}

void main();
