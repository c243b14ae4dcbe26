import { Together } from '../../nodes/shared/engine/together';
import { FakeTime } from './fakeTime';

let time: FakeTime;
let together: Together<string>;
/** The keys of each question. */
let asked: string[][];

beforeEach(() => {
	time = new FakeTime();
	together = new Together(time.clock, 3);
	asked = [];
});
afterEach(() => time.restore());

const askAll = async (keys: string[]) => {
	asked.push(keys);
	await time.sleep(100);
	if (keys.includes('bad')) throw new Error('refused');
	return new Map(keys.filter((key) => key !== 'unknown').map((key) => [key, `answer ${key}`]));
};
const ask = async (key: string) => await together.ask(key, askAll).catch((error: Error) => error.message);

it('what is asked for in one turn goes in one question, so many at most, each key once', async () => {
	const all = Promise.all(['a', 'b', 'a', 'unknown', 'd', 'e'].map(ask));
	await time.pass(200);
	expect(await all).toEqual(['answer a', 'answer b', 'answer a', undefined, 'answer d', 'answer e']);
	expect(asked).toEqual([
		['a', 'b', 'unknown'],
		['d', 'e'],
	]);
});

it('what is asked for later goes in another one, also while the first is under way', async () => {
	const first = ask('a');
	await time.pass(50);
	const second = ask('a');
	await time.pass(200);
	expect([await first, await second]).toEqual(['answer a', 'answer a']);
	expect(asked).toEqual([['a'], ['a']]);
});

it('a failure is told to all, and the next question is a new one', async () => {
	const all = Promise.all(['a', 'bad'].map(ask));
	await time.pass(200);
	expect(await all).toEqual(['refused', 'refused']);
	const next = ask('a');
	await time.pass(200);
	expect(await next).toBe('answer a');
});
