import { Accounts } from '../../nodes/shared/engine/accounts';
import { FakeTime, settle } from './fakeTime';

let time: FakeTime;
let accounts: Accounts;

beforeEach(() => {
	time = new FakeTime();
	accounts = new Accounts(time.clock);
});
afterEach(() => time.restore());

/** A run that finds out that the account takes one call at once. */
async function learnOne(key: string): Promise<void> {
	const lane = accounts.account(key).join({ maxCalls: 10 });
	const [one, other] = await Promise.all([lane.enter(1), lane.enter(1)]);
	other!.release('rejected');
	one!.release('accepted');
	lane.leave();
}

/** How many of 20 calls go at once. */
async function level(key: string): Promise<number> {
	const account = accounts.account(key);
	const lane = account.join({ maxCalls: 20 });
	for (let call = 0; call < 20; call += 1) void lane.enter(1);
	await settle();
	const { running } = account;
	lane.leave();
	return running;
}

it('runs of the same key share an account, those of others do not', async () => {
	await learnOne('a');
	expect(await level('a')).toBe(1);
	expect(await level('b')).toBe(10);
});

it('two runs at the same time share it', () => {
	const account = accounts.account('a');
	account.join({ maxCalls: 1 });
	expect(accounts.account('a')).toBe(account);
	expect(accounts.account('b')).not.toBe(account);
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
	const lane = accounts.account('a').join({ maxCalls: 1 });
	await time.pass(3_600_000);
	expect(await level('a')).toBe(1);
	lane.leave();
});

it('none is forgotten while there is room', async () => {
	for (let key = 0; key < 99; key += 1) await learnOne(String(key));
	expect(await level('0')).toBe(1);
});

it('a hundred accounts are remembered, the last ones, and those in use', async () => {
	await learnOne('in use');
	const lane = accounts.account('in use').join({ maxCalls: 1 });
	for (let key = 0; key < 101; key += 1) await learnOne(String(key));
	expect(await level('100')).toBe(1);
	expect(await level('in use')).toBe(1);
	expect(await level('0')).toBe(10);
	lane.leave();
});

it('asks for no timer', async () => {
	await learnOne('a');
	expect(time.sleeping).toBe(0);
});
