const longestFirst = require('./longestFirst');

/** The suites that wait for longest. */
const LONGEST = [
	'trust/faultMatrix',
	'trust/generationChaos',
	'engine/generationPaidOnce',
	'trust/taskFaults',
	'engine/nextEngine',
	'trust/chaos',
	'trust/properties/node',
	'engine/generation',
	'engine/generationFaults',
	'engine/accounts',
	'engine/relays',
	'trust/cancellation',
	'demo/demo',
].map((name) => `/test/${name}.test.ts`);

module.exports = longestFirst(LONGEST);
