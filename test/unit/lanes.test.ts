import { Account } from '../../nodes/shared/engine/account';
import type { Lane } from '../../nodes/shared/engine/lane';
import { UNCOUNTED } from '../../nodes/shared/engine/level';
import { withRetries } from '../../nodes/shared/engine/retry';
import type { Slot } from '../../nodes/shared/engine/slot';
import { Lanes } from '../../nodes/shared/n8n/lanes';
import { asFailure, broken, tooMany } from './failures';
import { FakeTime, settle } from './fakeTime';

const MB = 1_000_000;

let time: FakeTime;
let account: Account;
let lanes: Lanes;
let slots: Slot[];

beforeEach(() => {
	time = new FakeTime();
	account = new Account(time.clock, asFailure);
	lanes = new Lanes(account, time.clock, 3);
	slots = [];
});
afterEach(() => time.restore());

/** How many of so many calls go at once. */
async function going(all: Lane[], bytes = 1): Promise<number> {
	const before = slots.length;
	for (const lane of all) {
		void lane.enter({ bytes, patienceMs: 60_000 }).then((outcome) => {
			if ('result' in outcome) slots.push(outcome.result);
		});
	}
	await settle();
	return slots.length - before;
}

const times = (count: number, lane: Lane): Lane[] => Array<Lane>(count).fill(lane);

it('calls and tasks of all kinds are bounded together', async () => {
	expect(await going([lanes.calls, lanes.tasks('a'), lanes.tasks('b'), lanes.tasks('a'), lanes.calls])).toBe(3);
});

it('questions are not bounded where tasks are waited for, and are few at a time where none is', async () => {
	expect(await going(times(500, lanes.questions(true)))).toBe(500);
	expect(await going(times(500, lanes.questions(false)))).toBe(10);
});

it('where tasks are waited for, one that is refused as one too many, or waits for something, holds no other back', async () => {
	const lane = lanes.questions(true);
	expect(await going(times(2, lane))).toBe(2);
	slots[0]!.end('rejected', tooMany());
	expect(await going(times(500, lane))).toBe(500);
	UNCOUNTED.grow();
	expect([UNCOUNTED.current, UNCOUNTED.growsAfterMs, UNCOUNTED.shareMs]).toEqual([Infinity, Infinity, 0]);
});

it('a provider that refuses questions for now is not asked again and again, and not for ever', async () => {
	const lane = lanes.questions(false);
	let asked = 0;
	const attempt = async () => {
		asked += 1;
		await time.sleep(20);
		throw tooMany();
	};
	const tools = { clock: time.clock, asFailure, stop: new AbortController().signal };
	const all = Promise.all(
		times(10, lane).map(async () => await withRetries({ lane, bytes: 0, patienceMs: 60_000, maxAttempts: 5, attempt }, tools)),
	);
	await time.pass(80_000);
	expect((await all).filter((outcome) => 'failure' in outcome)).toHaveLength(10);
	expect(asked).toBeLessThan(80);
});

it.each(['files', 'downloads'] as const)('%s are bounded over all servers, apart from calls', async (kind) => {
	const urls = ['https://a.example/1', 'https://b.example/2', 'https://a.example/3', 'https://c.example/4', 'no URL'];
	expect(await going(times(5, lanes.calls))).toBe(3);
	expect(await going(urls.map((url) => lanes[kind](url)))).toBe(3);
});

it.each(['files', 'downloads'] as const)('%s: a server that asks to wait keeps nobody from another one', async (kind) => {
	await going([lanes[kind]('https://a.example/1')]);
	slots[0]!.end('neutral', broken({ retryAfterMs: 30_000 }));
	expect(await going([lanes[kind]('https://a.example/2')])).toBe(0);
	expect(await going([lanes[kind]('https://b.example/1')])).toBe(1);
});

it('files that were fetched share the memory of the account, the files of results have that of their run', async () => {
	const other = new Lanes(account, time.clock, 3);
	expect(await going([lanes.files('https://a.example/1'), lanes.files('https://b.example/1')], 30 * MB)).toBe(2);
	expect(await going([other.files('https://a.example/1')], 30 * MB)).toBe(0);
	expect(await going([lanes.downloads('https://a.example/1'), lanes.downloads('https://b.example/1')], 30 * MB)).toBe(2);
	expect(await going([lanes.downloads('https://c.example/1')], 30 * MB)).toBe(0);
	expect(await going([other.downloads('https://a.example/1')], 30 * MB)).toBe(1);
});

it('nothing goes once they are closed, whether it was opened before or is later', async () => {
	const { calls } = lanes;
	lanes.close();
	expect(await going([calls, lanes.questions(true), lanes.tasks('a'), lanes.files('https://a.example/1')])).toBe(0);
});

it('nothing stays of a run that left', async () => {
	expect(await going([lanes.calls, lanes.tasks('a')], 30 * MB)).toBe(2);
	lanes.leave();
	lanes = new Lanes(account, time.clock, 3);
	expect(await going([lanes.calls, lanes.tasks('a')], 30 * MB)).toBe(2);
});
