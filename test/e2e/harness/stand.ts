import { startGateway, type Gateway } from '../../gateway';
import { lastingCredentials, type Credential } from './credentials';
import { currentHost, toldByRunner, type Host } from './hosts';
import { copyInstance, createInstance, type Environment, type Instance } from './instance';
import { startServer, type Server } from './server';

/** A gateway, and an n8n that calls it, with the credentials stored; none of its servers runs. */
export interface Desk {
	gateway: Gateway;
	instance: Instance;
	close(): Promise<void>;
}

/** What most suites stand on: a desk whose n8n serves. */
export interface Stand extends Desk {
	server: Server;
}

/** How long a stand may take to open, and to close, on a busy machine. In milliseconds. */
export const OPENS_MS = 240_000;
export const CLOSES_MS = 60_000;

/** Makes the user folder that a host's stands are copied from: the package, the database, and the credentials. */
export async function makeOriginal(host: Host): Promise<Pick<Instance, 'folder' | 'remove'>> {
	const gateway = await startGateway();
	try {
		const instance = await createInstance(host, gateway, 'original');
		await instance.importCredentials(lastingCredentials());
		return instance;
	} finally {
		await gateway.close();
	}
}

/** Most suites ask n8n's REST interface alone: then n8n need not write its editor anew at each start. */
const WITHOUT_EDITOR: Environment = { N8N_DISABLE_UI: 'true' };

/**
 * Opens a desk on the host that is tested.
 * @param label names its logs
 * @param env what its n8n finds in its environment besides
 */
export async function openDesk(label: string, env = WITHOUT_EDITOR): Promise<Desk> {
	const gateway = await startGateway();
	const instance = copyInstance(toldByRunner().original, currentHost(), gateway, label, env);
	const close = async (): Promise<void> => {
		await gateway.close();
		instance.remove();
	};
	return { gateway, instance, close };
}

/** Opens a stand whose n8n serves its editor. @param label names its logs */
export const openStandWithEditor = async (label: string): Promise<Stand> => await serveAt(await openDesk(label, {}));

/**
 * Opens a stand on the host that is tested.
 * @param label names its logs
 * @param credentials what is stored besides
 */
export const openStand = async (label: string, credentials: Credential[] = []): Promise<Stand> =>
	await serveAt(await openDesk(label), credentials);

async function serveAt({ gateway, instance, close }: Desk, credentials: Credential[] = []): Promise<Stand> {
	try {
		if (credentials.length > 0) await instance.importCredentials(credentials);
		const server = await startServer(instance);
		const closeAll = async (): Promise<void> => {
			await server.stop();
			await close();
		};
		return { gateway, instance, server, close: closeAll };
	} catch (error) {
		await close();
		throw error;
	}
}
