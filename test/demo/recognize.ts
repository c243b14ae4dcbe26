import type { IDataObject } from 'n8n-workflow';

import { identifyFace } from '../../nodes/KlingRecognition/operations/identifyFace';
import { recognizeImage } from '../../nodes/KlingRecognition/operations/recognizeImage';
import type { Engine } from '../engine/engine';
import { findingsOf, runNode, type Finding } from './nodeRun';
import type { Subject } from './subjects';

/** Recognizes images in one run of the node, branched by segment. @throws Error where the workflow itself failed */
export async function recognize(engine: Engine, credential: IDataObject, subjects: Subject[]): Promise<Finding[]> {
	const parameters = {
		operation: recognizeImage.name,
		imageSource: '={{ $json.source }}',
		imageUrl: '={{ $json.url }}',
		imageBase64: '={{ $json.base64 }}',
		binaryPropertyName: 'data',
		output: 'image',
		branchBy: 'segment',
		options: {},
	};
	return await look(engine, credential, subjects, parameters, recognizeImage.branches.segment!);
}

/** Looks for faces in videos in one run of the node, branched by their count. @throws Error where the workflow itself failed */
export async function identify(engine: Engine, credential: IDataObject, subjects: Subject[]): Promise<Finding[]> {
	const parameters = {
		operation: identifyFace.name,
		videoSource: 'url',
		videoUrl: '={{ $json.url }}',
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
