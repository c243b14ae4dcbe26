import { quote } from '../../../nodes/shared/kling/answers/quote';
import type { Reply } from '../client';
import { CHECKS, type Check } from './checks';
import { differences, hasEnded, outlineOf } from './outline';
import type { Side } from './side';

/** What came of one check. */
export interface Verdict {
	name: string;
	outcome: 'same' | 'differs' | 'skipped';
	/** What differs, or why it was not sent. */
	notes: string[];
}

export interface Comparison {
	gateway: Side;
	provider: Side;
	/** Asked before each call that costs. */
	consent: (check: Check) => Promise<boolean>;
	/** Ends the gateway's tasks, which run as long as the provider's do. */
	endTasks: () => void;
	/** Told of each verdict as it comes. */
	tell: (verdict: Verdict) => void;
}

/** Sends every check to both sides, one after the other. Nothing is sent twice. */
export async function compare(comparison: Comparison): Promise<Verdict[]> {
	const verdicts: Verdict[] = [];
	for (const check of CHECKS) {
		const verdict = { name: check.name, ...(await judge(check, comparison)) };
		comparison.tell(verdict);
		verdicts.push(verdict);
	}
	return verdicts;
}

async function judge(check: Check, { gateway, provider, consent, endTasks }: Comparison): Promise<Omit<Verdict, 'name'>> {
	if (!provider.canSend(check) || !gateway.canSend(check)) return { outcome: 'skipped', notes: [`needs ${check.needs}`] };
	if (check.cost !== undefined && !(await consent(check))) return { outcome: 'skipped', notes: [`costs ${check.cost}`] };
	const there = await provider.send(check).catch((error: Error) => error);
	if (there instanceof Error) return { outcome: 'differs', notes: unanswered(check, there, provider) };
	if (hasEnded(outlineOf(there))) endTasks();
	const here = await gateway.send(check);
	const notes = [...differences(outlineOf(here), outlineOf(there)), ...unsaid(check, here, there)];
	if (notes.length === 0) return { outcome: 'same', notes };
	const words = quote(messageOf(there), provider.secrets);
	return { outcome: 'differs', notes: words ? [...notes, `the provider's words: ${words}`] : notes };
}

/** A call without an answer is not sent again: it may have been paid. */
function unanswered({ cost }: Check, error: Error, { secrets }: Side): string[] {
	const reason = `no answer: ${quote(reasonOf(error), secrets)}`;
	return cost === undefined ? [reason] : [reason, `it may have been charged all the same: ${cost}`];
}

/** Where only the words tell one refusal from another, they count; a gateway that refuses nothing has none. */
function unsaid({ says }: Check, here: Reply, there: Reply): string[] {
	if (!says?.test(messageOf(here)) || says.test(messageOf(there))) return [];
	return [`the message does not say ${says}`];
}

function messageOf(reply: Reply): string {
	try {
		const json = reply.json();
		return String(json.message ?? json.error?.message ?? '');
	} catch {
		return reply.text;
	}
}

const reasonOf = (error: Error & { code?: string }): string => error.code ?? error.name;
