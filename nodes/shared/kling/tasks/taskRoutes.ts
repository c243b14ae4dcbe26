/** What can be generated. The names are those of the node's operations. */
export type TaskOperation = 'imageToVideo' | 'lipSync' | 'avatar' | 'virtualTryOn';

/** One kind of task: where it is created and asked for, and what it makes. */
export interface TaskRoute {
	operation: TaskOperation;
	/** As it is called in the node, and in texts. */
	label: string;
	/** Where it is created, after the base URL; its state stands below. */
	path: string;
	makes: 'video' | 'image';
	/** Whether its state is documented to be asked for by the external id as well. Otherwise the list has to be read, too. */
	externalIdInPath: boolean;
}

/** Source: Kling's API reference, the pages of the four operations, in the form of `/v1/` that gateways resell. */
export const TASK_ROUTES: readonly TaskRoute[] = [
	{
		operation: 'imageToVideo',
		label: 'Image to Video',
		path: '/v1/videos/image2video',
		makes: 'video',
		externalIdInPath: true,
	},
	{
		operation: 'lipSync',
		label: 'Lip-Sync',
		path: '/v1/videos/advanced-lip-sync',
		makes: 'video',
		externalIdInPath: false,
	},
	{
		operation: 'avatar',
		label: 'Talking Avatar',
		path: '/v1/videos/avatar/image2video',
		makes: 'video',
		externalIdInPath: true,
	},
	{
		operation: 'virtualTryOn',
		label: 'Virtual Try-On',
		path: '/v1/images/kolors-virtual-try-on',
		makes: 'image',
		externalIdInPath: true,
	},
];

/** Where the state of a task is asked for, after the base URL. @param id its task id or external task id */
export function queryPath(route: TaskRoute, id: string): string {
	return `${route.path}/${encodeURIComponent(id)}`;
}

/** Where the latest tasks of a kind are listed, as many as a page takes; the order is not documented. Source: as above. */
export function listPath(route: TaskRoute): string {
	return `${route.path}?pageNum=1&pageSize=500`;
}
