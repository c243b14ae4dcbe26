import type { NodeExecutionHint } from 'n8n-workflow';

import type { Outcome } from '../../nodes/shared/engine/failure';
import { refusal } from '../../nodes/shared/kling/klingError';
import { giveHints, hintAtFailure } from '../../nodes/shared/n8n/hints';
import type { Emitted } from '../../nodes/shared/n8n/items';
import type { Settings } from '../../nodes/shared/n8n/operation';
import { fakeContext, type Told } from './fakeContext';

type One = Outcome<Emitted[]>;

const failure = (message: string): One => ({ failure: refusal(message, 'What to do.') });
const NOT_BEGUN: One = { interrupted: null };
/** A result with so many files, downloaded or not. */
const result = (files = 0, downloadResults = false): One => ({
	result: [{ files: Array<object>(files).fill({}), options: { downloadResults } } as unknown as Emitted],
});

const BRANCHES = {
	faceCount: [
		{ key: 'one', displayName: 'One Face' },
		{ key: 'none', displayName: 'No Face' },
	],
};
const settingsOf = (more: object = {}, expiry?: object): Settings =>
	({ operation: { branches: BRANCHES, expiry }, output: 'segment', branchBy: 'none', ...more }) as unknown as Settings;

function hintsOf(outcomes: One[], settings: Settings = settingsOf(), node: Told['node'] = {}): NodeExecutionHint[] {
	const { context, hints } = fakeContext({ node });
	giveHints(context, settings, outcomes);
	return hints;
}
const messages = (hints: NodeExecutionHint[]) => hints.map(({ message }) => message);

describe('items that failed', () => {
	it.each([
		[[failure('no face'), result(), failure('too small'), result(), result()], '2 of 5 items failed: no face'],
		[[result(), failure('too small')], '1 of 2 items failed: too small'],
		[[failure('no face')], '1 of 1 item failed: no face'],
		[[NOT_BEGUN, failure('no face')], '1 of 2 items failed: no face'],
	])('are counted, with the first message (%#)', (outcomes, message) => {
		const hint = { message, type: 'warning', location: 'outputPane' };
		expect(hintsOf(outcomes)).toEqual([hint]);
		const { context, hints } = fakeContext({});
		hintAtFailure(context, outcomes);
		expect(hints).toEqual([hint]);
	});

	it.each([[[]], [[result(), result(3)]], [[NOT_BEGUN]]])('where none did, nothing is said (%#)', (outcomes) => {
		expect(hintsOf(outcomes)).toEqual([]);
	});
});

describe('Always Output Data', () => {
	const said =
		"Always Output Data is on: where no item goes to One Face, n8n passes an empty one on there. Turn it off in the node's settings.";
	it.each([
		['on, with branches', true, 'faceCount', [said]],
		['on, without branches', true, 'none', []],
		['off', false, 'faceCount', []],
		['not set', undefined, 'faceCount', []],
	])('%s', (_name, alwaysOutputData, branchBy, expected) => {
		expect(messages(hintsOf([result()], settingsOf({ branchBy }), { alwaysOutputData }))).toEqual(expected);
	});
});

describe('files that are deleted', () => {
	const expiry = { output: 'segment', hint: 'Kling deletes them.' };
	it.each([
		['not downloaded', [result(2)], 'segment', ['Kling deletes them.']],
		['not downloaded for one item', [result(2, true), result(1, false)], 'segment', ['Kling deletes them.']],
		['downloaded', [result(2, true)], 'segment', []],
		['none', [result(0)], 'segment', []],
		['not downloaded, in the other Output', [result(2)], 'image', []],
		['of items that failed', [NOT_BEGUN], 'segment', []],
	])('%s', (_name, outcomes, output, expected) => {
		const hints = hintsOf(outcomes, settingsOf({ output }, expiry));
		expect(messages(hints)).toEqual(expected);
		expect(hints.every(({ location }) => location === 'outputPane')).toBe(true);
	});

	it('of an operation that says nothing of it', () => {
		expect(hintsOf([result(2)])).toEqual([]);
	});
});

it('all that is to be said is said, the failures first', () => {
	const settings = settingsOf({ branchBy: 'faceCount' }, { output: 'segment', hint: 'Kling deletes them.' });
	const said = messages(hintsOf([failure('no face'), result(1)], settings, { alwaysOutputData: true }));
	expect(said.map((message) => message.split(' ')[0])).toEqual(['1', 'Always', 'Kling']);
});

it('a tool of an agent has no output pane', () => {
	const { context, hints } = fakeContext({ node: { type: 'klingRecognitionTool' } });
	giveHints(context, settingsOf(), [failure('no face')]);
	hintAtFailure(context, [failure('no face')]);
	expect(hints).toEqual([]);
});

it('an n8n that has no hints loses no result', () => {
	const { context } = fakeContext({});
	Object.assign(context, { addExecutionHints: undefined });
	expect(() => giveHints(context, settingsOf(), [failure('no face')])).not.toThrow();
});

describe('what results say', () => {
	const saying = (...said: Array<string | undefined>): One => ({
		result: said.map((hint) => ({ hint, files: [], options: {} }) as unknown as Emitted),
	});

	it('is told once each, behind what failed', () => {
		const hints = hintsOf([saying('a', 'a', undefined), failure('no face'), saying('b'), saying('a')]);
		expect(messages(hints)).toEqual(['1 of 4 items failed: no face', 'a', 'b']);
		expect(hints).toContainEqual({ message: 'a', type: 'warning', location: 'outputPane' });
	});

	it('where none says anything, nothing is told', () => {
		expect(hintsOf([saying(undefined), saying()])).toEqual([]);
	});
});
