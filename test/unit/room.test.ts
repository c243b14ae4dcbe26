import { Room } from '../../nodes/shared/engine/room';

it('has room for so much in all, and for nothing always', () => {
	const room = new Room(10);
	expect([room.fits(10), room.fits(0)]).toEqual([true, true]);
	room.take(6);
	expect([room.fits(4), room.fits(5), room.fits(0)]).toEqual([true, false, true]);
	room.take(4);
	expect([room.fits(1), room.fits(0)]).toEqual([false, true]);
});

it('what alone is more than all of it goes where nothing else is', () => {
	const room = new Room(10);
	expect(room.fits(99)).toBe(true);
	const whole = room.take(99);
	expect([room.fits(1), room.fits(0)]).toEqual([false, true]);
	whole.free();
	expect(room.fits(99)).toBe(true);
});

it('what was given back is there again, once', () => {
	const room = new Room(10);
	const one = room.take(10);
	one.free();
	one.free();
	expect(room.fits(10)).toBe(true);
	room.take(10);
	one.free();
	expect(room.fits(1)).toBe(false);
});

it('tells when something was given back, and only then, until nobody listens', () => {
	const room = new Room(10);
	const told: string[] = [];
	const stop = room.listen(() => told.push('one'));
	room.listen(() => told.push('other'));
	const taken = room.take(8);
	room.take(0).free();
	expect(told).toEqual([]);
	taken.free();
	expect(told).toEqual(['one', 'other']);
	taken.free();
	expect(told).toHaveLength(2);
	stop();
	room.take(1).free();
	expect(told).toEqual(['one', 'other', 'other']);
});

describe('by turns', () => {
	let room: Room;
	let told: string[];
	const one = () => void told.push('one');
	const other = () => void told.push('other');

	beforeEach(() => {
		room = new Room(10);
		told = [];
	});

	it('what needs nothing has room also while others wait, and waits itself no longer', () => {
		room.take(8);
		expect([room.fitsInTurn(5, one), room.fitsInTurn(2, other)]).toEqual([false, false]);
		expect(room.fitsInTurn(0, other)).toBe(true);
		expect(room.fitsInTurn(2, other)).toBe(false);
		told = [];
		expect(room.fitsInTurn(0, one)).toBe(true);
		expect(told).toEqual([]);
		room.passOn();
		expect(told).toEqual(['other']);
		expect(room.fitsInTurn(2, other)).toBe(true);
	});

	it('the next is told when the first has taken what it needs, and when something is given back', () => {
		const taken = room.take(6);
		expect([room.fitsInTurn(5, one), room.fitsInTurn(1, other)]).toEqual([false, false]);
		expect(room.fitsInTurn(3, one)).toBe(true);
		expect(told).toEqual([]);
		room.take(3);
		for (const times of [1, 1]) {
			room.passOn();
			expect(told).toHaveLength(times);
		}
		taken.free();
		expect(told).toEqual(['other', 'other']);
	});

	it('nobody is told of what takes nothing', () => {
		room.take(10);
		room.fitsInTurn(1, one);
		room.take(0).free();
		room.passOn();
		expect(told).toEqual([]);
	});
});
