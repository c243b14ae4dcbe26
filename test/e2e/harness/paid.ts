import type { Gateway } from '../../gateway';

/** Where a task of each kind is created. */
export const ROUTES = {
	imageToVideo: '/v1/videos/image2video',
	textToVideo: '/v1/videos/text2video',
	avatar: '/v1/videos/avatar/image2video',
	tryOn: '/v1/images/kolors-virtual-try-on',
	lipSync: '/v1/videos/advanced-lip-sync',
};

/** What comes out of a task, as n8n tells of a file. */
export const A_VIDEO = { mimeType: 'video/mp4', fileExtension: 'mp4' };
export const AN_IMAGE = { mimeType: 'image/png', fileExtension: 'png' };

/** The bodies of the calls of one route, in order of arrival. */
export const sent = (gateway: Gateway, route: 'recognize' | 'identify' | 'speech' | 'create'): Array<Record<string, any>> =>
	gateway.requests.filter((request) => request.route === route).map(({ json }) => json as Record<string, any>);

/** What paid tasks were asked for, in words that tell them apart. */
export const creates = (gateway: Gateway): unknown[][] =>
	gateway.requests
		.filter(({ route }) => route === 'create')
		.map(({ path, json, status }) => {
			const body = json as Record<string, unknown>;
			return [path, body.cloth_image ?? body.image ?? body.face_choose ?? body.prompt, status];
		});

/** How many tasks were made so far; each is paid once. */
export const tasksMade = (gateway: Gateway): number => gateway.account('klingGlobal').tasks;
