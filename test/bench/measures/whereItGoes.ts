import type { GatewaySettings } from '../../gateway/types';
import { contest, type Arena, type Task } from '../contest';
import { node } from '../contestants';
import type { Input } from '../job';
import { milliseconds, percent } from '../report';

/** Where the node's CPU time goes, in words, from one more run that is recorded. */
export async function whereItGoes(arena: Arena, input: Input, settings: Partial<GatewaySettings>): Promise<string> {
	const task: Task = { ...node.task, input, profile: true };
	const run = await contest(arena, task, settings);
	if (!run) return 'The run for the profile did not finish.';
	const shares = run.profile.map(({ part, share }) => `${part} ${percent(share)}`).join(', ');
	return `Where this node's JavaScript time goes, by a sampling profile of one more run (${milliseconds(run.cpuMs / input.count)} of CPU per call, recording included): ${shares}.`;
}
