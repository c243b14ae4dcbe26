import { parseArgs } from 'node:util';
import { CREDENTIAL_OPTIONS, readCredential, UsageError } from '../../demo/arguments';
import { PROVIDERS } from '../../../nodes/shared/kling/account/providers';
import type { CredentialFields } from '../../../nodes/shared/kling/account/connection';
import type { Subjects } from './side';

export const USAGE = `Holds a live provider against the local gateway: sends both the same calls, and writes where the answers differ.

  --provider name      ${PROVIDERS.map(({ name }) => name).join(', ')}
  --image-url url      a picture of a person, for all that takes one (default: a drawing, as Base64)
  --video-url url      a video with a face, for Identify Face and lip-sync; without it these are left out
  --base-url url       the gateway's base URL (provider custom)
  --key key            the API key
  --access-key key --secret-key key
                       instead of an API key, at Kling itself
  --yes                send what costs without asking: some 4 units at Kling, up to 10 where less is refused
  --free               send nothing that costs
  --help               this text

Before each call that costs it is asked for consent; where there is no terminal it is left out.
The key itself is never printed, but npm repeats the line it was given. Better leave --key out: the key is then
taken from the environment variable KLING_API_KEY (or KLING_ACCESS_KEY and KLING_SECRET_KEY), or asked for.`;

/** What the command line asks for. */
export interface ContractOptions {
	credential: CredentialFields;
	subjects: Subjects;
	/** Whether what costs is sent: always, never, or as the person says. */
	consent: 'yes' | 'no' | 'ask';
}

/**
 * Reads the command line, and asks for the key where it is not given.
 * @returns the options, or `help`
 * @throws UsageError
 */
export async function readOptions(args: string[]): Promise<ContractOptions | 'help'> {
	const values = parse(args);
	if (values.help) return 'help';
	if (values.yes && values.free) throw new UsageError('--yes and --free exclude each other.');
	const consent = values.yes ? 'yes' : values.free ? 'no' : 'ask';
	const subjects = { imageUrl: values['image-url'], videoUrl: values['video-url'] };
	return { credential: await readCredential(values), subjects, consent };
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

function parse(args: string[]) {
	try {
		const options = { ...CREDENTIAL_OPTIONS, 'image-url': text, 'video-url': text, yes: flag, free: flag };
		return parseArgs({ args, options: { ...options, help: { type: 'boolean', short: 'h' } } }).values;
	} catch {
		// The words of parseArgs are not repeated: they can quote an argument, and that could be a key.
		throw new UsageError('An option is unknown, or has no value.');
	}
}
