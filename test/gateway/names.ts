import { sampleByHash, soundByHash } from '../samples/manifest';
import type { Tasks } from './tasks/registry';
import type { GatewayRequest } from './types';

/** The names under which a fault may ask for a call: its path, what its body says, what the task asked for was made from. */
export function namesOf(record: GatewayRequest, tasks: Tasks): string[] {
	const { pathname, searchParams } = new URL(record.path, 'http://gateway.test');
	const ids = ['task_ids', 'external_task_ids'].flatMap((name) => searchParams.get(name)?.split(',') ?? []);
	const asked = [pathname.split('/').at(-1) ?? '', ...ids];
	return [record.path, ...textsOf(record.json), ...asked.flatMap((id) => tasks.namesOf(id))];
}

/** Every text of a recorded body; for a file's bytes their hash, and the names of the samples that have it. */
export function textsOf(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (typeof value !== 'object' || value === null) return [];
	const texts = Object.values(value).flatMap(textsOf);
	return 'sha256' in value ? [...texts, ...sampleNames(String(value.sha256))] : texts;
}

const sampleNames = (sha256: string): string[] =>
	[sampleByHash(sha256), soundByHash(sha256)].flatMap((sample) => (sample ? [sample.file] : []));
