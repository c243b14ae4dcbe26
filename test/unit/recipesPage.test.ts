import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

import { KlingGeneration } from '../../nodes/KlingGeneration/KlingGeneration.node';
import { KlingRecognition } from '../../nodes/KlingRecognition/KlingRecognition.node';
import { PRICES, type Charge, type Priced } from '../../nodes/shared/kling/prices';
import { DEFAULT_MODE, DEFAULT_VIDEO_MODEL, videoModel, type Mode } from '../../nodes/shared/kling/tasks/models';
import { dollarsIn, lipSyncOf, times, videoOf } from '../../scripts/pages/charges';
import { tableRows } from '../bench/markdown';

const ROOT = join(__dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'recipes.md'), 'utf8');

const ROWS = tableRows(PAGE);

const AVATAR_SECONDS = 20;
const LIP_SYNC_SECONDS = 5;

interface Node {
	name: string;
	type: string;
	parameters: Record<string, any>;
}

const DESCRIPTIONS: INodeTypeDescription[] = [new KlingRecognition(), new KlingGeneration()].map(
	({ description }) => description,
);

/** The operation of a node of ours: what a saved workflow does not say is the default. */
function operationOf({ type, parameters }: Node): string | undefined {
	const description = DESCRIPTIONS.find(({ name }) => type === `n8n-nodes-kling-recognition.${name}`);
	if (!description) return undefined;
	const given = (field: string, resource?: string): string =>
		parameters[field] ?? description.properties.find((one) => one.name === field && isShown(one, resource))?.default;
	return given('operation', given('resource'));
}

const isShown = ({ displayOptions }: INodeProperties, resource?: string): boolean =>
	resource === undefined || displayOptions?.show?.resource?.includes(resource) === true;

const OPERATIONS = DESCRIPTIONS.flatMap(({ properties }) => properties.filter(({ name }) => name === 'operation')).flatMap(
	({ options }) => options as Array<{ name: string; value: string }>,
);

const nameOf = (operation: string): string => OPERATIONS.find(({ value }) => value === operation)!.name;

function chargeOf(operation: Priced, { parameters }: Node): Charge {
	const { model, duration = 5, mode = DEFAULT_MODE } = parameters;
	if (operation === 'imageToVideo' || operation === 'textToVideo')
		return videoOf(duration, videoModel(model?.value ?? DEFAULT_VIDEO_MODEL)!, mode as Mode, 'silent')!;
	if (operation === 'avatar') return times(AVATAR_SECONDS, PRICES.avatar);
	return operation === 'lipSync' ? lipSyncOf(LIP_SYNC_SECONDS) : PRICES[operation];
}

/** What one run of an example pays for that takes every step but these. */
function paidIn(file: string, without: string[]): Array<{ operation: string; charge: Charge }> {
	const { nodes } = JSON.parse(readFileSync(join(ROOT, 'examples', file), 'utf8')) as { nodes: Node[] };
	expect(nodes.map(({ name }) => name)).toEqual(expect.arrayContaining(without));
	return nodes
		.filter(({ name }) => !without.includes(name))
		.flatMap((node) => {
			const operation = operationOf(node);
			return operation && operation in PRICES ? [{ operation, charge: chargeOf(operation as Priced, node) }] : [];
		});
}

it.each<[what: string, file: string, ...without: string[]]>([
	['1. A portrait speaks a text', '1-talking-avatar.json'],
	['2. Photo to video, in Google Drive', '2-photo-to-drive.json'],
	['3. Lip-sync an interview: a video of your own', '3-lip-sync.json', 'Interview'],
	['3. Lip-sync an interview: a video that is made', '3-lip-sync.json'],
	['4. Try-on for a product sheet', '4-product-sheet.json'],
	['5. A person approves before the paid step', '5-approval.json'],
	['6. What to do with No Match', '6-no-match.json', 'Once More'],
	['7. Long waits without a worker', '7-waiting.json'],
])('%s: what it costs is what its nodes cost', (what, file, ...without) => {
	const paid = paidIn(file, without);
	const cost = dollarsIn(...paid.map(({ charge }) => times(100, charge)));
	expect(ROWS).toContainEqual([what, paid.map(({ operation }) => nameOf(operation)).join(', '), cost]);
});

it('the page says what the costs assume', () => {
	expect(PAGE).toContain(`Avatars are ${AVATAR_SECONDS} seconds long`);
	expect(PAGE).toContain(`${LIP_SYNC_SECONDS} seconds of audio`);
});
