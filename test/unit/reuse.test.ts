import { Reuse, type Answers, type Kept } from '../../nodes/shared/engine/reuse';
import { refused } from './failures';
import { settle } from './fakeTime';

let answers: Answers<string>;
const kept: Kept<string> = { answer: 'answer', payer: 'first' };

beforeEach(() => {
	answers = new Map();
});

it('knows nothing at first', () => {
	expect(new Reuse(answers).find('a')).toBeUndefined();
});

it('an answer under way is shared', () => {
	const reuse = new Reuse(answers);
	const coming = Promise.resolve({ result: kept });
	reuse.lead('a', coming);
	expect(reuse.find('a')).toBe(coming);
	expect(reuse.find('b')).toBeUndefined();
	expect(answers.size).toBe(0);
});

it('an answer is there for the next run of the node', async () => {
	const first = new Reuse(answers);
	first.keep(['a', 'b'], kept);
	expect(await first.find('b')).toEqual({ result: kept });
	expect(await new Reuse(answers).find('a')).toEqual({ result: kept });
});

it.each([
	['a failure', { failure: refused() }],
	['an interruption', { interrupted: null }],
])('%s is known in this run only', async (_name, outcome) => {
	const first = new Reuse(answers);
	first.lead('a', Promise.resolve(outcome));
	await settle();
	expect(await first.find('a')).toBe(outcome);
	expect(new Reuse(answers).find('a')).toBeUndefined();
	expect(answers.size).toBe(0);
});

it("what tells nothing of others is dropped, under each of its keys, and no other's", () => {
	const reuse = new Reuse(answers);
	const coming = Promise.resolve({ interrupted: null });
	for (const key of ['a', 'b', 'c']) reuse.lead(key, coming);
	const next = Promise.resolve({ interrupted: null });
	reuse.lead('d', next);
	reuse.drop(['a', 'b', 'd'], coming);
	expect(['a', 'b', 'c', 'd'].map((key) => reuse.find(key))).toEqual([undefined, undefined, coming, next]);
});
