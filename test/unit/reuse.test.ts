import { Reuse } from '../../nodes/shared/engine/reuse';

it('knows nothing at first', () => {
	expect(new Reuse(new Map()).find('a')).toBeUndefined();
});

it('a result under way is shared', async () => {
	const reuse = new Reuse<string>(new Map());
	const coming = Promise.resolve('result');
	reuse.lead('a', coming);
	expect(reuse.find('a')).toBe(coming);
	expect(reuse.find('b')).toBeUndefined();
});

it('a success is there for the next run of the node', async () => {
	const results = new Map<string, string>();
	const first = new Reuse(results);
	first.lead('a', Promise.resolve('result'));
	await first.find('a');
	expect(await first.find('a')).toBe('result');
	expect(await new Reuse(results).find('a')).toBe('result');
});

it('a failure is shared in this run only', async () => {
	const results = new Map<string, string>();
	const first = new Reuse(results);
	first.lead('a', Promise.reject(new Error('no')));
	await expect(first.find('a')).rejects.toThrow('no');
	await expect(first.find('a')).rejects.toThrow('no');
	expect(new Reuse(results).find('a')).toBeUndefined();
	expect(results.size).toBe(0);
});
