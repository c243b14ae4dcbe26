import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeTypeDescription } from 'n8n-workflow';

import { KlingGeneration } from '../../nodes/KlingGeneration/KlingGeneration.node';
import { KlingRecognition } from '../../nodes/KlingRecognition/KlingRecognition.node';
import { PRICES } from '../../nodes/shared/kling/prices';
import { lipSyncOf } from '../../scripts/pages/charges';
import { costsPage } from '../../scripts/pages/costs';
import { tableRows } from '../bench/markdown';

const NODES = [new KlingRecognition(), new KlingGeneration()];

const ROWS = tableRows(costsPage());

/** The one row that begins with these cells, without them. */
function restOf(...cells: string[]): string[] {
	const found = ROWS.filter((row) => cells.every((cell, index) => row[index] === cell));
	expect(found).toHaveLength(1);
	return found[0]!.slice(cells.length);
}

const pricesIn = (text: string): string[] => [...text.matchAll(/about ([\d.]+) USD/gi)].map(([, usd]) => usd!);

/** The prices that a node names for an operation: in its panel, and in what the model of an agent reads. */
function namedFor(operation: string): string[] {
	const descriptions: INodeTypeDescription[] = NODES.map(({ description }) => description);
	const fields = descriptions
		.flatMap(({ properties }) => properties)
		.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes(operation));
	return pricesIn(JSON.stringify(fields));
}

it.each([
	['recognizeImage', ['Recognize Image', '-', 'an image']],
	['identifyFace', ['Identify Face', '-', 'a video']],
	['imageToVideo', ['Kling 2.6', 'Standard']],
	['textToVideo', ['Kling 2.6', 'Standard']],
	['lipSync', ['Lip-Sync', '-', '5 seconds']],
	['avatar', ['Talking Avatar', 'Standard', 'a second']],
	['virtualTryOn', ['Virtual Try-On', 'Kolors Virtual Try-On 1.5', 'an image']],
	['textToSpeech', ['Text to Speech', '-', 'a text']],
])('%s: the node names the price that the page has', (operation, cells) => {
	const [price] = restOf(...cells)[0]!.split(' ');
	// The notice in the panel, the tool's description, and its twin for an n8n without fields of tools alone.
	expect(namedFor(operation)).toEqual([price, price, price]);
});

it('the README names prices that the nodes name', () => {
	const told = pricesIn(readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8'));
	expect(told).not.toEqual([]);
	expect(Object.keys(PRICES).flatMap(namedFor)).toEqual(expect.arrayContaining(told));
});

/** Worked out by hand: units, and US dollars at 0.14 each. */
it.each([
	['Kling 3.0 Turbo', ['Professional', '-', '-', '0.70 (5)', '1.40 (10)']],
	['Kling 2.6', ['Professional', '0.35 (2.5)', '0.70 (5)', '0.70 (5)', '1.40 (10)']],
	['Talking Avatar', ['Professional', 'a second', '0.112', '0.8']],
	['Virtual Try-On', ['Virtual Try-On 3.0', 'an image', 'not known', '-']],
	['Recognize Image, 100 images', ['10', '1.40', '10', '1.40']],
	['Talking Avatar, Standard', ['800', '112.00', '720', '100.80']],
	['**Total**', ['810', '113.40', '730', '102.20']],
	['Total in Professional mode', ['1610', '225.40', '1450', '203.00']],
	['100 videos of 5 seconds: Kling 2.6, Standard', ['150', '21.00']],
	['100 videos of 10 seconds: Kling 3.0, Professional, with audio', ['1200', '168.00']],
	['100 lip-syncs of 10 seconds, with Identify Face for each video', ['105', '14.70']],
	['50 try-ons from a sheet, with Recognize Image for each garment', ['5', '1.05']],
	['Speech for 100 texts', ['5', '0.70']],
])('%s: %j', (what, cells) => {
	expect(ROWS).toContainEqual([what, ...cells]);
});

it('a lip-sync is paid by steps of 5 seconds that have begun', () => {
	expect([2, 5, 5.1, 10, 12].map(lipSyncOf)).toEqual([0.5, 0.5, 1, 1, 1.5].map((units) => ({ units })));
});
