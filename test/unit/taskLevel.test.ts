import { TaskLevel } from '../../nodes/shared/engine/taskLevel';

afterEach(() => jest.restoreAllMocks());

it('begins with ten creates at once, and one more for each that was accepted', () => {
	const level = new TaskLevel();
	expect(level.current).toBe(10);
	level.accepted();
	level.accepted();
	expect(level.current).toBe(12);
});

it('after a rejection they go one by one, and more again as they are accepted', () => {
	const level = new TaskLevel();
	level.rejected();
	expect(level.current).toBe(1);
	level.accepted();
	expect(level.current).toBe(2);
});

it.each([
	[0, 3600],
	[0.5, 4000],
	[1, 4400],
])('the wait is some seconds, and differs, so that two processes do not ask together (%p)', (random, ms) => {
	jest.spyOn(Math, 'random').mockReturnValue(random);
	expect(new TaskLevel().rejected()).toBeCloseTo(ms);
});

it('does not grow while calls wait: only creates that were accepted make it higher', () => {
	const level = new TaskLevel();
	level.grow();
	expect([level.current, level.growsAfterMs]).toEqual([10, Infinity]);
});
