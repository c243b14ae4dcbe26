import { readFileSync } from 'node:fs';

import Ajv, { type ValidateFunction } from 'ajv';
import type { IDataObject, INode, IRun } from 'n8n-workflow';

import { schemaFile, SCHEMAS } from '../../scripts/schemaFiles';

const PACKAGE = 'n8n-nodes-kling-recognition.';

/** The fields of the results that n8n's editor does not preview, because another Output than the default was chosen. */
const NOT_PREVIEWED = {
	segment: ['imageUrl', 'segment', 'detected', 'url', 'requestId', 'unitsDeducted', 'balanceDeducted', 'reused'],
	video: [
		'videoUrl',
		'videoId',
		'sessionId',
		'faceCount',
		'hasFace',
		'faces',
		'requestId',
		'unitsDeducted',
		'balanceDeducted',
		'reused',
	],
};

// That they are schemas, `schemas.test.ts` shows.
const ajv = new Ajv({ allowUnionTypes: true, validateSchema: false });
const validators = new Map<string, ValidateFunction>();

/** Made when it is first asked for: a suite asks for few of them. @returns undefined where nothing is announced */
function validatorOf(operation: string): ValidateFunction | undefined {
	const row = SCHEMAS.find((one) => one.operation === operation);
	if (!row) return undefined;
	if (!validators.has(operation)) {
		// Options and the input add fields of their own beside the result's.
		const { additionalProperties: _closed, version: _version, ...schema } = JSON.parse(readFileSync(schemaFile(row), 'utf8'));
		validators.set(operation, ajv.compile(schema));
	}
	return validators.get(operation);
}

/**
 * Holds every result of a node of the package against what was announced: the schema that n8n's editor previews, or the fields of an
 * Output that it does not.
 * @throws Error with the first item that is not as announced
 */
export function checkAnnounced(node: INode, { data }: IRun): void {
	if (!node.type.startsWith(PACKAGE) || node.disabled) return;
	const runs = data.resultData.runData[node.name] ?? [];
	const items = runs.flatMap((run) => (run.data?.main ?? []).flatMap((output) => output ?? []));
	for (const { json } of items) {
		// An item that failed; or the one of Always Output Data.
		if ('error' in json || Object.keys(json).length === 0) continue;
		const wrong = wrongIn(json, node);
		if (wrong !== null) throw new Error(`Not as announced: ${wrong} in ${JSON.stringify(json)}`);
	}
}

/** What is not as announced, in words; null where all is. */
function wrongIn(json: IDataObject, { type, parameters }: INode): string | null {
	const isGeneration = type.startsWith(`${PACKAGE}klingGeneration`);
	const operation = isGeneration ? madeBy(json, parameters) : String(parameters.operation ?? 'recognizeImage');
	const fields = isGeneration ? undefined : notPreviewed(json, operation);
	if (fields) {
		const missing = fields.filter((name) => json[name] === undefined);
		return missing.length > 0 ? `there is no ${missing.join(', ')}` : null;
	}
	const validate = validatorOf(operation);
	if (!validate) return `nothing is announced for ${operation}`;
	return validate(json) ? null : JSON.stringify(validate.errors);
}

/** The operation whose result an item of Kling Generation has the form of. */
function madeBy({ operation }: IDataObject, { operation: chosen }: INode['parameters']): string {
	return chosen === 'getTasks' && operation !== 'virtualTryOn' ? chosen : String(operation);
}

function notPreviewed(json: IDataObject, operation: string): string[] | undefined {
	if (operation === 'identifyFace') return 'faces' in json ? NOT_PREVIEWED.video : undefined;
	return 'segment' in json ? NOT_PREVIEWED.segment : undefined;
}
