import type { IDataObject } from 'n8n-workflow';

import { identifyFace } from '../../nodes/KlingRecognition/operations/identifyFace';
import { recognizeImage } from '../../nodes/KlingRecognition/operations/recognizeImage';
import type { Engine } from '../engine/engine';
import { findingsOf, runNode, type Finding } from './nodeRun';
import type { Subject } from './subjects';

/** Whether an image is Base64 text, which the node does not look for in an item: a field has to name it. */
const isText = ({ source }: Subject): boolean => source === 'base64';

/**
 * Recognizes images, branched by segment: URLs and files in one run of the node, as the items bring them, Base64 text in another one.
 * @throws Error where a workflow itself failed
 */
export async function recognize(engine: Engine, credential: IDataObject, subjects: Subject[]): Promise<Finding[]> {
	const run = async (of: Subject[], source: IDataObject) => {
		const parameters = { operation: recognizeImage.name, ...source, output: 'image', branchBy: 'segment', options: {} };
		return await look(engine, credential, of, parameters, recognizeImage.branches.segment!);
	};
	const [found, foundInTexts] = await Promise.all([
		run(
			subjects.filter((subject) => !isText(subject)),
			{ imageSource: 'auto' },
		),
		run(subjects.filter(isText), { imageSource: 'base64', imageBase64: '={{ $json.base64 }}' }),
	]);
	return subjects.map((subject) => [...found, ...foundInTexts].find((finding) => finding.subject === subject)!);
}

/** Looks for faces in videos in one run of the node, branched by their count. @throws Error where the workflow itself failed */
export async function identify(engine: Engine, credential: IDataObject, subjects: Subject[]): Promise<Finding[]> {
	const parameters = {
		operation: identifyFace.name,
		videoSource: 'auto',
		output: 'video',
		branchBy: 'faceCount',
		options: {},
	};
	return await look(engine, credential, subjects, parameters, identifyFace.branches.faceCount!);
}

async function look(
	engine: Engine,
	credential: IDataObject,
	subjects: Subject[],
	parameters: IDataObject,
	branches: ReadonlyArray<{ displayName: string }>,
): Promise<Finding[]> {
	if (subjects.length === 0) return [];
	const run = await runNode(engine, { node: 'klingRecognition', credential, subjects, parameters });
	return findingsOf(run, subjects, branches);
}
