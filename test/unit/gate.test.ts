import { Clock } from '../../nodes/shared/engine/clock';
import { Gate, type Slot } from '../../nodes/shared/engine/gate';
import { FakeTime, settle } from './fakeTime';

let time: FakeTime;
let entered: Array<{ name: string; slot: Slot | null }>;

beforeEach(() => {
	time = new FakeTime();
	entered = [];
});
afterEach(() => time.restore());

const gateOf = (maxCalls: number, maxBytes = 1000): Gate => new Gate({ maxCalls, maxBytes }, new Clock(time.sleep));
const names = () => entered.map(({ name }) => name);

function enter(gate: Gate, name: string, bytes = 1, place: 'front' | 'back' = 'back'): void {
	void gate.enter(bytes, place).then((slot) => entered.push({ name, slot }));
}

async function leave(name: string, verdict: Parameters<Slot['release']>[0] = 'accepted'): Promise<void> {
	entered.find((one) => one.name === name)!.slot!.release(verdict);
	await settle();
}

it('lets in as many calls as may be in flight, the others one by one, in their order', async () => {
	const gate = gateOf(2);
	for (const name of 'abcd') enter(gate, name);
	await settle();
	expect(names()).toEqual(['a', 'b']);
	await leave('b');
	expect(names()).toEqual(['a', 'b', 'c']);
	await leave('a');
	await leave('c');
	expect(names()).toEqual(['a', 'b', 'c', 'd']);
});

it('frees the slots of long calls that end together one in a turn, and still lets in all that may', async () => {
	const gate = gateOf(3);
	for (const name of 'abcdef') enter(gate, name);
	await time.pass(300);
	for (const name of 'abc') await leave(name);
	expect(names()).toEqual(['a', 'b', 'c', 'd']);
	await time.pass(0);
	expect(names()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

it('frees the slots of quick calls at once', async () => {
	const gate = gateOf(3);
	for (const name of 'abcdef') enter(gate, name);
	await time.pass(20);
	for (const name of 'abc') await leave(name);
	expect(names()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

it('a rejection among long calls that end together finds the others in flight', async () => {
	const gate = gateOf(4);
	for (const name of 'abcdefghi') enter(gate, name);
	await time.pass(300);
	for (const name of 'abc') await leave(name);
	await leave('d', 'rejected');
	await time.pass(1000);
	expect(names()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
});

it('a call that was sent before goes to the front of the queue', async () => {
	const gate = gateOf(1);
	enter(gate, 'a');
	enter(gate, 'b');
	enter(gate, 'again', 1, 'front');
	await settle();
	await leave('a');
	expect(names()).toEqual(['a', 'again']);
});

it('keeps within the budget of bytes', async () => {
	const gate = gateOf(10, 100);
	for (const [name, bytes] of [
		['a', 60],
		['b', 40],
		['c', 1],
	] as const)
		enter(gate, name, bytes);
	await settle();
	expect(names()).toEqual(['a', 'b']);
	await leave('b');
	expect(names()).toEqual(['a', 'b', 'c']);
});

it('one call larger than the whole budget still goes, alone', async () => {
	const gate = gateOf(10, 100);
	enter(gate, 'small', 10);
	enter(gate, 'huge', 500);
	enter(gate, 'after', 10);
	await settle();
	expect(names()).toEqual(['small']);
	await leave('small');
	expect(names()).toEqual(['small', 'huge']);
	await leave('huge');
	expect(names()).toEqual(['small', 'huge', 'after']);
});

it('rejected calls lower the limit, accepted ones raise it again', async () => {
	const gate = gateOf(4);
	for (const name of 'abcdefgh') enter(gate, name);
	await settle();
	expect(names()).toHaveLength(4);
	await leave('a', 'rejected');
	expect(names()).toHaveLength(4);
	await leave('b');
	expect(names()).toHaveLength(5);
	await leave('c');
	expect(names()).toHaveLength(6);
});

it('a neutral end says nothing about the limit', async () => {
	const gate = gateOf(2);
	for (const name of 'abcd') enter(gate, name);
	await settle();
	await leave('a', 'neutral');
	await leave('b', 'neutral');
	expect(names()).toEqual(['a', 'b', 'c', 'd']);
});

it('a pause holds everything back, and the longest one counts', async () => {
	const gate = gateOf(5);
	gate.pause(2000);
	gate.pause(5000);
	gate.pause(1000);
	enter(gate, 'a');
	enter(gate, 'b');
	await time.pass(4999);
	expect(names()).toEqual([]);
	await time.pass(1);
	expect(names()).toEqual(['a', 'b']);
});

it('towards the end nobody finds out whether the account takes more', async () => {
	const gate = gateOf(3);
	for (const name of 'abc') enter(gate, name);
	await settle();
	await leave('c', 'rejected');
	gate.expect(1);
	const later = [...'defghijklmnop'];
	for (const name of later) enter(gate, name);
	for (const name of ['a', 'b', ...later]) await leave(name);
	expect(names()).toHaveLength(16);
});

it('a pause of no time is none', async () => {
	const gate = gateOf(5);
	gate.pause(0);
	enter(gate, 'a');
	await settle();
	expect(names()).toEqual(['a']);
});

it('after it was closed nobody gets in: neither who waits nor who comes', async () => {
	const gate = gateOf(1);
	enter(gate, 'a');
	enter(gate, 'b');
	await settle();
	gate.close();
	enter(gate, 'c');
	await settle();
	const admitted = entered.filter(({ slot }) => slot !== null).map(({ name }) => name);
	expect(admitted).toEqual(['a']);
	expect(names().sort()).toEqual(['a', 'b', 'c']);
	await leave('a');
	expect(entered).toHaveLength(3);
});
