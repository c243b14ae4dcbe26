import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { ACCESS, KEYS, startGateway, type Gateway, type GatewayRequest, type Provider } from '../gateway';
import { loadEngine, type Engine, type NodeRun, type NodeSetup } from './engine';

export { imageUrl, videoUrl } from './urls';

/** n8n's engine with the built package, and the gateway that every provider's host name leads to. */
export interface Stage {
	engine: Engine;
	gateway: Gateway;
	/** The credential of a provider, with its good API key. */
	credential(provider: Provider): IDataObject;
	/** Runs Recognize Image by URL with Kling's own API, unless the parameters say otherwise. */
	recognize(items: INodeExecutionData[], parameters?: IDataObject, setup?: Partial<NodeSetup>): Promise<NodeRun>;
	/** Runs Identify Face by URL in the same way. */
	identify(items: INodeExecutionData[], parameters?: IDataObject, setup?: Partial<NodeSetup>): Promise<NodeRun>;
	/** The setup that `recognize` runs. */
	recognition(items: INodeExecutionData[], parameters?: IDataObject, setup?: Partial<NodeSetup>): NodeSetup;
}

/** The access key pair of Kling, as a credential. */
export const PAIR: IDataObject = { authentication: 'accessKey', ...ACCESS };

/** The first suite of a run waits until all that it loads is transformed: on a busy machine, for long. */
const LOADING_MS = 120_000;

/** Builds the stage for the tests of a file; the gateway forgets everything between them. */
export function useStage(): Stage {
	const stage = {} as Stage;
	let tests = 0;
	stage.credential = (provider) => ({
		provider,
		authentication: 'apiKey',
		// What the node learns of an account stays known in a process: each test has an account of its own.
		apiKey: `${KEYS[provider]}.${tests}`,
		...(provider === 'custom' && { baseUrl: `${stage.gateway.url}/kling` }),
	});
	stage.recognition = (items, parameters = {}, setup = {}) => ({
		items,
		credential: stage.credential('klingGlobal'),
		parameters: { operation: 'recognizeImage', imageUrl: '={{ $json.url }}', ...parameters },
		...setup,
	});
	stage.recognize = async (...setup) => await stage.engine.run(stage.recognition(...setup));
	stage.identify = async (items, parameters = {}, setup = {}) =>
		await stage.recognize(items, { operation: 'identifyFace', videoUrl: '={{ $json.url }}', ...parameters }, setup);

	beforeAll(async () => {
		stage.gateway = await startGateway();
		process.env.HTTP_PROXY = process.env.HTTPS_PROXY = stage.gateway.proxyUrl;
		process.env.NO_PROXY = '127.0.0.1';
		// Not beside an earlier gateway's authority, which goes by the same name: jest runs several files in one process.
		setDefaultCACertificates([...getCACertificates('bundled'), stage.gateway.ca]);
		stage.engine = await loadEngine();
	}, LOADING_MS);
	beforeEach(async () => {
		tests += 1;
		stage.gateway.reset();
		await stage.engine.binaryMode('default');
	});
	afterAll(async () => {
		setDefaultCACertificates(getCACertificates('bundled'));
		await stage.gateway.close();
	});
	return stage;
}

/** An input item with this URL. */
export const urlItem = (url: string, more: IDataObject = {}): INodeExecutionData => ({ json: { url, ...more } });

/** The JSON of the items of each output. */
export const jsonOf = ({ outputs }: NodeRun): IDataObject[][] => outputs.map((items) => items.map(({ json }) => json));

/** Which input item each item of an output comes from. */
export const originsOf = (items: INodeExecutionData[]): number[] =>
	items.map(({ pairedItem }) => (pairedItem as { item: number }).item);

/** The image of a request: its URL, or hash and size of its bytes. */
export const imageOf = ({ json }: GatewayRequest): unknown => (json as { image: unknown }).image;
