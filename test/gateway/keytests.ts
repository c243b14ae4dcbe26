import { randomUUID } from 'node:crypto';
import { json, refuse } from './answers';
import type { ApiRoute, Call } from './call';

/** `GET /account/costs`: what Kling answers without taking units. */
export const costsRoute: ApiRoute = {
	route: 'keyTest',
	method: 'GET',
	path: /^\/account\/costs$/,
	atRoot: true,
	at: (provider) => provider.isKling,
	handle: ({ query }: Call) => {
		for (const name of ['start_time', 'end_time']) if (!/^\d{13}$/.test(query.get(name) ?? '')) refuse(`${name} is invalid`);
		const packs = [
			{
				resource_pack_name: 'Recognition-1000',
				resource_pack_id: 'pack-1',
				resource_pack_type: 'decreasing_total',
				total_quantity: 1000,
				remaining_quantity: 981,
				status: 'online',
			},
		];
		return json(200, {
			code: 0,
			message: 'SUCCEED',
			request_id: randomUUID(),
			data: { code: 0, msg: 'success', resource_pack_subscribe_infos: packs },
		});
	},
};

/** `GET /v1/models`, at the root of a reseller's host. */
export const modelsRoute: ApiRoute = {
	route: 'keyTest',
	method: 'GET',
	path: /^\/v1\/models$/,
	atRoot: true,
	at: (provider) => !provider.isKling && provider.name !== 'custom',
	handle: () =>
		json(200, {
			object: 'list',
			data: [{ id: 'kling_image_recognize', object: 'model', created: 1700000000, owned_by: 'kling' }],
		}),
};
