import './quickTime';

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { namedFault, type AccountStats, type Fault, type GatewayRequest, type Provider } from '../gateway';
import { sampleBytes } from '../samples/manifest';
import type { NodeRun, NodeSetup, ThroughRun } from './engine';
import { useStage, type Stage } from './stage';
import { RESOURCES } from '../../nodes/KlingGeneration/operations/resources';

/** The stage, for the node that makes something. */
export interface GenerationStage extends Stage {
	/** The setup of Kling Generation on items, at Kling itself unless it says otherwise. */
	generation(items: INodeExecutionData[], parameters?: IDataObject, setup?: Partial<NodeSetup>): NodeSetup;
	/** Runs it. */
	make(items: INodeExecutionData[], parameters?: IDataObject, setup?: Partial<NodeSetup>): Promise<NodeRun>;
	/** The same with a node behind each output. */
	makeThrough(items: INodeExecutionData[], parameters?: IDataObject, setup?: Partial<NodeSetup>): Promise<ThroughRun>;
	/** Stores a sample as a binary file. */
	sample(file: string, mimeType?: string): Promise<NonNullable<INodeExecutionData['binary']>[string]>;
	/** Faults by their names, and with more fields. */
	fail(...faults: Array<string | Fault>): void;
	/** What the account was asked and has paid. */
	account(provider?: Provider): AccountStats;
	/** The creates that were sent, in order. */
	creates(): GatewayRequest[];
	/** An item of One Item per Face. */
	faceItem(faces?: string, provider?: Provider): Promise<INodeExecutionData>;
}

const NODE = { type: 'n8n-nodes-kling-recognition.klingGeneration' };

/** Builds the stage for the tests of a file. */
export function useGeneration(): GenerationStage {
	const stage = useStage() as GenerationStage;
	stage.generation = (items, parameters = {}, setup = {}) => ({
		items,
		credential: stage.credential('klingGlobal'),
		parameters: { ...resourceOf(parameters.operation ?? 'imageToVideo'), operation: 'imageToVideo', ...parameters },
		...setup,
		node: { ...NODE, ...setup.node },
	});
	stage.make = async (...setup) => await stage.engine.run(stage.generation(...setup));
	stage.makeThrough = async (...setup) => await stage.engine.runThrough(stage.generation(...setup));
	stage.sample = async (file, mimeType = 'application/octet-stream') =>
		await stage.engine.binary(sampleBytes(file), file, mimeType);
	stage.fail = (...faults) =>
		stage.gateway.control({ faults: faults.map((fault) => (typeof fault === 'string' ? namedFault(fault) : fault)) });
	stage.account = (provider = 'klingGlobal') => stage.gateway.account(provider);
	stage.creates = () => stage.gateway.requests.filter(({ route }) => route === 'create');
	stage.faceItem = async (faces = '0-5200', provider = 'klingGlobal') => {
		const url = `https://videos.kling-samples.test/n/talk.mp4?faces=${faces}&ms=6000`;
		const parameters = { output: 'face' };
		const credential = stage.credential(provider);
		const run = await stage.identify([{ json: { url } }], parameters, { credential });
		return { json: run.outputs[0]![0]!.json };
	};
	return stage;
}

/** The resource of an operation, as the editor sets it with the operation. */
function resourceOf(operation: unknown): IDataObject {
	const resource = RESOURCES.find(({ operations }) => operations.some(({ value }) => value === operation));
	return resource ? { resource: resource.value } : {};
}

/** An input item with this image. */
export const imageItem = (name: string, more: IDataObject = {}): INodeExecutionData => ({
	json: { imageUrl: `https://images.kling-samples.test/n/${name}.jpg?flags=object,head,face`, ...more },
});

/** Several of them, each with another image. */
export const imageItems = (count: number): INodeExecutionData[] =>
	Array.from({ length: count }, (_, index) => imageItem(`i${index}`));
