import { Fields } from '../../nodes/shared/n8n/fields';
import { fakeContext } from './fakeContext';
import { klingErrorOf, REFUSED_HERE } from './helpers';

it('an expression is evaluated once, whatever asks for it', () => {
	let count = 0;
	const { context, evaluated } = fakeContext({ parameters: { imageUrl: () => `https://a.example/${(count += 1)}` } });
	const fields = new Fields(context, 0);
	expect(evaluated).toEqual([]);
	expect(fields.value('imageUrl')).toBe('https://a.example/1');
	expect(fields.text('imageUrl', 'Image URL')).toBe('https://a.example/1');
	expect(fields.value('imageUrl')).toBe('https://a.example/1');
	expect(evaluated).toEqual(['imageUrl']);
});

it('one that fails fails each time in the same way, and is evaluated once', () => {
	const { context, evaluated } = fakeContext({
		parameters: {
			prompt: () => {
				throw Object.assign(new Error('x is not defined'), { description: 'Check the expression.', secret: 'kept from all' });
			},
		},
	});
	const fields = new Fields(context, 0);
	const first = klingErrorOf(() => fields.value('prompt'));
	expect(first.message).toBe('x is not defined');
	expect(first.details).toEqual({ ...REFUSED_HERE, description: 'Check the expression.' });
	expect(klingErrorOf(() => fields.text('prompt', 'Prompt'))).toBe(first);
	expect(klingErrorOf(() => fields.chosen('prompt'))).toBe(first);
	expect(evaluated).toEqual(['prompt']);
});

it.each([undefined, null, '', 0, false])('%p is a value, too, and asked for once', (value) => {
	const { context, evaluated } = fakeContext({ parameters: { x: () => value } });
	const fields = new Fields(context, 0);
	expect([fields.value('x'), fields.value('x')]).toEqual([value, value]);
	expect(evaluated).toEqual(['x']);
});

it('what is not set is null, and as a text empty', () => {
	const fields = new Fields(fakeContext({}).context, 0);
	expect(fields.value('x')).toBeNull();
	expect(fields.chosen('x')).toBeNull();
	expect(fields.text('x', 'X')).toBe('');
});

it('a text is refused by the name on the screen', () => {
	const { context } = fakeContext({ parameters: { prompt: { text: 'a' } } });
	expect(klingErrorOf(() => new Fields(context, 0).text('prompt', 'Prompt')).message).toBe('Prompt is an object, not a text');
});

it('of a resource locator, what is chosen in it is extracted; of other fields nothing', () => {
	const { context, extracted } = fakeContext({ parameters: { model: 'kling-v3', prompt: 'a' } });
	const fields = new Fields(context, 0);
	fields.value('prompt');
	expect(fields.chosen('model')).toBe('kling-v3');
	expect(extracted).toEqual(['model']);
});

it('each item has its own', () => {
	const { context } = fakeContext({ items: [{ json: { at: 0 } }, { json: { at: 1 } }] });
	const asked = jest.spyOn(context, 'getNodeParameter');
	const fields = new Fields(context, 1);
	fields.value('prompt');
	expect(fields.item.json).toEqual({ at: 1 });
	expect(asked).toHaveBeenCalledWith('prompt', 1, null, {});
});
