import { checkWalks } from '../../scripts/house/walks';

/** The node knows the runner and the operation; the runner knows the engine. */
const IMPORTS = new Map([
	['nodes/node.ts', ['nodes/runner.ts', 'nodes/operation.ts']],
	['nodes/runner.ts', ['nodes/engine.ts']],
	['nodes/engine.ts', []],
	['nodes/operation.ts', []],
	['nodes/stranger.ts', []],
]);
const file = (name: string): string => `[\`${name}.ts\`](../nodes/${name}.ts)`;
const check = (...steps: string[]): string[] => {
	const lines = steps.map((step, index) => `${index + 1}. ${step.replace(/\w+/g, file)}: what happens.`);
	return checkWalks('docs/house.md', `# A walk\n\n${lines.join('\n')}\n`, IMPORTS);
};

test('a walk whose arrows are so', () => {
	expect(check('node → runner → engine', 'runner ⇢ operation', 'engine ⇢ operation')).toEqual([]);
});

test.each([
	['nobody imports', ['engine → operation'], 'nodes/engine.ts does not import nodes/operation.ts'],
	['ends in a file that is gone', ['node → gone'], 'nodes/gone.ts is no file of the nodes'],
	['is handed down, and imported', ['node → runner', 'node ⇢ operation'], 'nodes/node.ts imports nodes/operation.ts: the arrow'],
	['nobody further up hands down', ['engine ⇢ operation', 'node → runner'], 'nothing further up leads to both'],
	['nobody can hand down', ['node → runner', 'engine ⇢ stranger'], 'nothing further up leads to both'],
])('an arrow that %s is found', (_name, steps, problem) => {
	expect(check(...steps)).toEqual([expect.stringContaining(problem)]);
});

test('another section is another walk', () => {
	const text = `## One\n\n1. ${file('node')} → ${file('runner')}\n\n## Two\n\n1. ${file('engine')} ⇢ ${file('operation')}\n`;
	expect(checkWalks('docs/house.md', text, IMPORTS)).toEqual([expect.stringContaining('nothing further up')]);
});
