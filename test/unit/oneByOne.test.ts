import { asFailure, broken } from './failures';
import { FakeTime } from './fakeTime';
import { OneByOne } from '../../nodes/shared/engine/oneByOne';

let time: FakeTime;
let done: string[];
let oneByOne: OneByOne<string>;

beforeEach(() => {
	time = new FakeTime();
	done = [];
	oneByOne = new OneByOne(asFailure);
});
afterEach(() => time.restore());

const NEVER = new AbortController().signal;

/** Work of 100 ms. */
const work =
	(name: string, fails = false) =>
	async () => {
		done.push(name);
		await time.sleep(100);
		if (fails) throw broken();
		return name;
	};

it('who comes while the same is done gets what comes of it; another key does not wait', async () => {
	const all = Promise.all([
		oneByOne.do('k', work('a'), NEVER),
		oneByOne.do('k', work('b'), NEVER),
		oneByOne.do('other', work('c'), NEVER),
	]);
	await time.pass(100);
	expect(await all).toEqual([{ result: 'a' }, { result: 'a' }, { result: 'c' }]);
	expect(done).toEqual(['a', 'c']);
});

it('where it failed, one of those that wait does it, and the others wait for that one', async () => {
	const all = Promise.all([
		oneByOne.do('k', work('a', true), NEVER),
		oneByOne.do('k', work('b'), NEVER),
		oneByOne.do('k', work('c'), NEVER),
	]);
	await time.pass(200);
	expect(await all).toEqual([{ failure: broken() }, { result: 'b' }, { result: 'b' }]);
	expect(done).toEqual(['a', 'b']);
});

it('what is over is forgotten: the next one does it anew', async () => {
	for (const name of ['a', 'b']) {
		const doing = oneByOne.do('k', work(name), NEVER);
		await time.pass(100);
		expect(await doing).toEqual({ result: name });
	}
});

it.each([0, 50])('who is stopped after %i ms waits no longer, and does nothing', async (ms) => {
	const stop = new AbortController();
	const first = oneByOne.do('k', work('a'), NEVER);
	if (ms === 0) stop.abort();
	const second = oneByOne.do('k', work('b'), stop.signal);
	await time.pass(50);
	stop.abort();
	expect(await second).toEqual({ interrupted: null });
	await time.pass(50);
	expect(await first).toEqual({ result: 'a' });
	expect(done).toEqual(['a']);
});
