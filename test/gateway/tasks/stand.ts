import { sampleBytes } from '../../samples/manifest';
import { Client, type Reply } from '../client';
import { KEYS, rowOf, startGateway, type Gateway, type ProductName, type Provider } from '../index';
import { productOf } from './products';

/** A gateway, and what its tests of tasks ask it. */
export interface Stand {
	gateway: Gateway;
	create(product: ProductName, body: object, provider?: Provider, key?: string, signal?: AbortSignal): Promise<Reply>;
	/** `what` is an id, or `?` with a query for the list. */
	ask(product: ProductName, what: string, provider?: Provider, signal?: AbortSignal): Promise<Reply>;
	/** A session of a video with this face, in ms. */
	session(faces: string, provider?: Provider): Promise<string>;
	download(url: string, signal?: AbortSignal): Promise<Reply>;
	close(): Promise<void>;
}

/** Starts both. */
export async function startStand(): Promise<Stand> {
	const gateway = await startGateway();
	const client = Client.of(gateway, true);
	const base = (provider: Provider): string => {
		const { host, prefixes } = rowOf(provider);
		return host === null ? gateway.url : `https://${host}${prefixes[0]}`;
	};
	const post = (provider: Provider, path: string, body: object, key = KEYS[provider], signal?: AbortSignal): Promise<Reply> =>
		client.send(base(provider) + path, { key, body, signal });
	return {
		gateway,
		create: (product, body, provider = 'klingGlobal', key, signal) => post(provider, productOf(product).path, body, key, signal),
		ask: (product, what, provider = 'klingGlobal', signal) => {
			const path = what.startsWith('?') ? what : `/${what}`;
			return client.send(base(provider) + productOf(product).path + path, { method: 'GET', key: KEYS[provider], signal });
		},
		session: async (faces, provider = 'klingGlobal') => {
			const url = `https://a.test/a.mp4?faces=${faces}&ms=6000`;
			return (await post(provider, '/v1/videos/identify-face', { video_url: url })).json().data.session_id;
		},
		download: (url, signal) => client.send(url, { method: 'GET', signal }),
		close: async () => {
			await client.close();
			await gateway.close();
		},
	};
}

/** A sample file as bare Base64. */
export const base64 = (file: string): string => sampleBytes(file).toString('base64');

/** A body that each product takes, but for lip-sync's session. */
export const GOOD = {
	imageToVideo: { model_name: 'kling-v2-6', image: 'https://a.test/1.jpg', prompt: 'Slow camera move', duration: '5' },
	avatar: { image: base64('portrait.jpg'), sound_file: base64('tone-3s.mp3'), prompt: 'Speaks calmly', mode: 'std' },
	virtualTryOn: {
		model_name: 'kolors-virtual-try-on-v1-5',
		human_image: base64('portrait.jpg'),
		cloth_image: 'https://a.test/garment.png',
	},
	face: {
		face_id: '0',
		sound_file: base64('tone-3s.wav'),
		sound_start_time: 0,
		sound_end_time: 3000,
		sound_insert_time: 1000,
	},
};
