import type { IDataObject } from 'n8n-workflow';

import { identifyFace } from '../../nodes/KlingRecognition/operations/identifyFace';
import { recognizeImage } from '../../nodes/KlingRecognition/operations/recognizeImage';
import type { Engine, NodeRun } from '../engine/engine';
import type { Subject } from './subjects';

/** What became of one image or video. */
export interface Finding {
	subject: Subject;
	/** The node's result; null where the item failed. */
	json: IDataObject | null;
	/** Names of the outputs that it left the node by. */
	branches: string[];
	/** What the node says where the item failed. */
	error: string;
	/** Requests sent for it where it failed. */
	attempts: number;
}

/** Recognizes images in one run of the node, branched by segment. @throws Error where the workflow itself failed */
export async function recognize(engine: Engine, credential: IDataObject, subjects: Subject[]): Promise<Finding[]> {
	const run = await runNode(engine, credential, subjects, {
		operation: recognizeImage.name,
		imageSource: '={{ $json.source }}',
		imageUrl: '={{ $json.url }}',
		imageBase64: '={{ $json.base64 }}',
		binaryPropertyName: 'data',
		output: 'image',
		branchBy: 'segment',
		options: {},
	});
	return read(run, subjects, recognizeImage.branches.segment!);
}

/** Looks for faces in videos in one run of the node, branched by their count. @throws Error where the workflow itself failed */
export async function identify(engine: Engine, credential: IDataObject, subjects: Subject[]): Promise<Finding[]> {
	const run = await runNode(engine, credential, subjects, {
		operation: identifyFace.name,
		videoSource: 'url',
		videoUrl: '={{ $json.url }}',
		output: 'video',
		branchBy: 'faceCount',
		options: {},
	});
	return read(run, subjects, identifyFace.branches.faceCount!);
}

async function runNode(engine: Engine, credential: IDataObject, subjects: Subject[], parameters: IDataObject): Promise<NodeRun> {
	const items = subjects.map(({ item }) => item);
	const run = await engine.run({ parameters, credential, items, onError: 'continueErrorOutput' });
	if (run.error) throw new Error([run.error.message, run.error.description].filter(Boolean).join(' '));
	return run;
}

/** Sorts the items of all outputs by the input that each came from; the last output is the one for errors. */
function read(run: NodeRun, subjects: Subject[], branches: ReadonlyArray<{ displayName: string }>): Finding[] {
	const findings = subjects.map((subject): Finding => ({ subject, json: null, branches: [], error: '', attempts: 0 }));
	run.outputs.forEach((items, output) => {
		for (const { json, pairedItem } of items) {
			const from = typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : Number(pairedItem);
			const finding = findings[from]!;
			const branch = branches[output];
			if (branch) Object.assign(finding, { json, branches: [...finding.branches, branch.displayName] });
			else Object.assign(finding, failure(json));
		}
	});
	return findings;
}

function failure(json: IDataObject): Pick<Finding, 'error' | 'attempts'> {
	const { description = '', attempts = 0 } = (json.details ?? {}) as { description?: string; attempts?: number };
	return { error: `${String(json.error)}. ${description}`.trim(), attempts };
}
