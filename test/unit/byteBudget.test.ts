import { ByteBudget, type Booking } from '../../nodes/shared/engine/byteBudget';
import { settle } from './fakeTime';

const KB = 1000;
let budget: ByteBudget;
let booked: Map<string, Booking | null>;
const owner = {};

beforeEach(() => {
	budget = new ByteBudget(1000 * KB);
	booked = new Map();
});

async function book(name: string, bytes: number, place: 'front' | 'back' = 'back', by: object = owner): Promise<void> {
	void budget.book(bytes, by, place).then((booking) => booked.set(name, booking));
	await settle();
}

async function free(name: string): Promise<void> {
	booked.get(name)!.free();
	await settle();
}

const names = () => [...booked.keys()];

it('keeps within its size', async () => {
	await book('a', 600 * KB);
	await book('b', 400 * KB);
	await book('c', 100 * KB);
	expect(names()).toEqual(['a', 'b']);
	await free('b');
	expect(names()).toEqual(['a', 'b', 'c']);
});

it('one that is larger than all still gets its memory, alone', async () => {
	await book('small', 100 * KB);
	await book('huge', 5000 * KB);
	await book('after', 100 * KB);
	expect(names()).toEqual(['small']);
	await free('small');
	expect(names()).toEqual(['small', 'huge']);
	await free('huge');
	expect(names()).toEqual(['small', 'huge', 'after']);
});

it('the order is kept: small ones do not keep a large one from its turn', async () => {
	await book('a', 600 * KB);
	await book('large', 700 * KB);
	await book('b', 300 * KB);
	expect(names()).toEqual(['a']);
	await free('a');
	expect(names()).toEqual(['a', 'large', 'b']);
});

it('what was there before comes first', async () => {
	await book('a', 1000 * KB);
	await book('b', 1000 * KB);
	await book('again', 1000 * KB, 'front');
	await free('a');
	expect(names()).toEqual(['a', 'again']);
});

it('bodies that are next to nothing never wait', async () => {
	await book('a', 1000 * KB);
	await book('waits', 1000 * KB);
	await book('more', 65_537);
	await book('url', 65_536);
	expect(names()).toEqual(['a', 'url']);
});

it('a booking that turns out smaller leaves the rest to others, and is freed once', async () => {
	await book('a', 1000 * KB);
	await book('b', 700 * KB);
	await book('c', 200 * KB);
	booked.get('a')!.resize(300 * KB);
	await settle();
	expect(names()).toEqual(['a', 'b']);
	await free('a');
	await free('a');
	expect(names()).toEqual(['a', 'b', 'c']);
	await book('d', 200 * KB);
	expect(names()).toEqual(['a', 'b', 'c']);
});

it('a booking that turns out to be next to nothing leaves all to others', async () => {
	await book('a', 1000 * KB);
	await book('whole', 1000 * KB);
	booked.get('a')!.resize(65_536);
	await settle();
	expect(names()).toEqual(['a', 'whole']);
});

it('whoever is cancelled gets nothing, and holds nobody up', async () => {
	const other = {};
	await book('a', 500 * KB);
	await book('cancelled', 1000 * KB, 'back', other);
	await book('b', 500 * KB);
	budget.cancel(other);
	await settle();
	expect(booked.get('cancelled')).toBeNull();
	expect(names()).toEqual(['a', 'cancelled', 'b']);
	expect(booked.get('b')).not.toBeNull();
});
