import { Accounts } from '../../nodes/shared/engine/accounts';
import { Lane } from '../../nodes/shared/engine/lane';
import { Room } from '../../nodes/shared/engine/room';
import type { Slot } from '../../nodes/shared/engine/slot';
import { asFailure, tooMany } from './failures';
import { FakeTime, settle } from './fakeTime';

let time: FakeTime;
let accounts: Accounts;

beforeEach(() => {
	time = new FakeTime();
	accounts = new Accounts(time.clock, asFailure);
});
afterEach(() => time.restore());

/** A run of an account. */
function use(key: string): { lane: Lane; end: () => void } {
	const account = accounts.account(key);
	account.enter();
	const lane = new Lane(account.calls, new Room(20));
	const end = () => {
		lane.leave();
		account.leave();
	};
	return { lane, end };
}

const CALL = { bytes: 1, patienceMs: 60_000 };

/** A run that finds out that the account takes one call at once. */
async function learnOne(key: string): Promise<void> {
	const { lane, end } = use(key);
	const slots = await Promise.all([lane.enter(CALL), lane.enter(CALL)]);
	const [one, other] = slots.map((outcome) => ('result' in outcome ? outcome.result : null) as Slot);
	other!.end('rejected', tooMany());
	one!.end('accepted');
	end();
}

/** How many of 20 calls go at once. */
async function level(key: string): Promise<number> {
	const { lane, end } = use(key);
	let running = 0;
	for (let call = 0; call < 20; call += 1) void lane.enter(CALL).then((outcome) => (running += 'result' in outcome ? 1 : 0));
	await settle();
	end();
	return running;
}

it('runs of the same key share an account, those of others do not', async () => {
	await learnOne('a');
	expect(await level('a')).toBe(1);
	expect(await level('b')).toBe(10);
});

it('two runs at the same time share it', () => {
	const account = accounts.account('a');
	account.enter();
	expect(accounts.account('a')).toBe(account);
	expect(accounts.account('b')).not.toBe(account);
});

it('is in use until its last run has left', () => {
	const account = accounts.account('a');
	expect(account.inUse).toBe(false);
	account.enter();
	account.enter();
	account.leave();
	expect(account.inUse).toBe(true);
	account.leave();
	expect(account.inUse).toBe(false);
});

it('has a gate for each kind of task, and remembers none of them as an account', async () => {
	const account = accounts.account('a');
	expect(account.tasks('video')).toBe(account.tasks('video'));
	expect(account.tasks('video')).not.toBe(account.tasks('image'));
	expect(account.tasks('video')).not.toBe(account.calls);
	for (let kind = 0; kind < 200; kind += 1) account.tasks(String(kind));
	await learnOne('b');
	expect(accounts.account('a')).toBe(account);
});

it('has memory for four of the largest images, for all of its gates together', async () => {
	const account = accounts.account('a');
	const [calls, tasks] = [account.calls, account.tasks('video')].map((gate) => new Lane(gate, new Room(20)));
	let running = 0;
	for (const lane of [calls, calls, tasks, tasks, tasks]) {
		void lane!.enter({ bytes: 16_000_000, patienceMs: 1 }).then(() => (running += 1));
	}
	await settle();
	expect(running).toBe(4);
});

it('what was learnt is forgotten ten minutes after the last run', async () => {
	await learnOne('a');
	await time.pass(600_000);
	expect(await level('a')).toBe(1);
	await time.pass(600_001);
	expect(await level('a')).toBe(10);
});

it('an account that is in use is never forgotten', async () => {
	await learnOne('a');
	const { end } = use('a');
	await time.pass(3_600_000);
	expect(await level('a')).toBe(1);
	end();
});

it('none is forgotten while there is room', async () => {
	for (let key = 0; key < 100; key += 1) await learnOne(String(key));
	for (let key = 0; key < 100; key += 1) expect(await level(String(key))).toBe(1);
});

it('a hundred accounts are remembered, the last ones, and those in use', async () => {
	await learnOne('in use');
	const { end } = use('in use');
	for (let key = 0; key < 101; key += 1) await learnOne(String(key));
	expect(await level('100')).toBe(1);
	expect(await level('in use')).toBe(1);
	expect(await level('0')).toBe(10);
	end();
});

it('asks for no timer', async () => {
	await learnOne('a');
	expect(time.sleeping).toBe(0);
});
