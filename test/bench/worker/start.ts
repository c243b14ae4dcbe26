import { createRequire } from 'node:module';

// Loads the files that the arguments name as n8n does when it starts, and says how many milliseconds that takes.
const [own = '', ...files] = process.argv.slice(2);
// It is there already when n8n loads a node.
createRequire(own)('n8n-workflow');
const start = performance.now();
for (const file of files) {
	const [Type] = Object.values(require(file) as Record<string, new () => unknown>);
	new Type!();
}
process.stdout.write(String(performance.now() - start));
