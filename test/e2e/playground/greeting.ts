import { KEYS } from '../../gateway/keys';
import { OWNER } from '../harness/server';
import { sampleUrl } from '../harness/workflows';
import type { Opened } from './content';

/**
 * What is said when n8n is ready.
 * @param gatewayUrl the local gateway's own address
 * @param taskMs how long it takes for a video, in milliseconds
 */
export function greeting([first, ...others]: Opened[], gatewayUrl: string, taskMs: [least: number, most: number]): string {
	const longest = Math.max(...others.map(({ name }) => name.length));
	const workflow = ({ name, url }: Opened): string => `  ${name.padEnd(longest)}  ${url}`;
	return `
n8n is ready: open ${first?.url}
Sign in with  ${OWNER.email}  /  ${OWNER.password}

This is "${first?.name}": press "Execute workflow", and it makes a video. More workflows:
${others.map(workflow).join('\n')}

In all of them the credential "Local gateway" is chosen. To make one yourself:
  Provider Kling (Global)   API Key ${KEYS.klingGlobal}
  Provider Custom Gateway   API Key ${KEYS.custom}   Base URL ${gatewayUrl}/kling

Files that the nodes can use by URL:
  Image     ${sampleUrl('portrait.jpg')}
  Garment   ${sampleUrl('garment.png')}
  Video     ${sampleUrl('one-face.mp4')}
  Audio     ${sampleUrl('tone-3s.mp3')}

No call to a provider leaves this machine, and nothing is paid: the local gateway answers from a script.
It recognizes nothing, and every video it makes is the same drawing, after ${taskMs.map((ms) => ms / 1000).join(' to ')} seconds.
  Tasks     ${gatewayUrl}/__gateway/tasks
  Accounts  ${gatewayUrl}/__gateway/accounts

Press Ctrl+C to stop and to remove everything again.`;
}
