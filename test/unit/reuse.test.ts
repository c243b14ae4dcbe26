import { Reuse, type Answers, type Kept } from '../../nodes/shared/engine/reuse';
import { refused } from './failures';
import { settle } from './fakeTime';

let answers: Answers<string>;
const kept = (answer = 'answer'): Kept<string> => ({ answer, seen: false });

beforeEach(() => {
	answers = new Map();
});

it('knows nothing at first', () => {
	expect(new Reuse(answers).find('a')).toBeUndefined();
	expect(new Reuse(answers).answer('a')).toBeUndefined();
});

it('an answer under way is shared', () => {
	const reuse = new Reuse(answers);
	const coming = Promise.resolve({ result: kept() });
	reuse.lead('a', coming);
	expect(reuse.find('a')).toBe(coming);
	expect(reuse.answer('a')).toBeUndefined();
	expect(reuse.find('b')).toBeUndefined();
	expect(answers.size).toBe(0);
});

it('an answer is there for the next run of the node', async () => {
	const first = new Reuse(answers);
	first.keep(['a', 'b'], kept());
	expect(await first.find('b')).toMatchObject({ result: { answer: 'answer' } });
	expect(await new Reuse(answers).find('a')).toMatchObject({ result: { answer: 'answer' } });
	expect(new Reuse(answers).answer('a')).toMatchObject({ answer: 'answer' });
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

describe('what an answer cost, counts once', () => {
	it('for the first who takes it', () => {
		const reuse = new Reuse(answers);
		const one = kept();
		expect([reuse.take(one), reuse.take(one), reuse.take(kept())]).toEqual([false, true, false]);
	});

	it('and again where the run returned nothing: nobody has seen it', () => {
		const one = kept();
		new Reuse(answers).take(one);
		const next = new Reuse(answers);
		expect([next.take(one), next.take(one)]).toEqual([false, true]);
	});

	it('and not again where the run returned its items', () => {
		const [one, other] = [kept(), kept()];
		const reuse = new Reuse(answers);
		reuse.take(one);
		reuse.handedOut();
		expect(new Reuse(answers).take(one)).toBe(true);
		expect(new Reuse(answers).take(other)).toBe(false);
	});
});
