const Sequencer = require('@jest/test-sequencer').default;

/** The suites that wait for longest, the longest first; they begin before the others, so that none is left alone at the end. */
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

/** @param {{ path: string }} test */
const placeOf = ({ path }) => {
	const place = LONGEST.findIndex((end) => path.endsWith(end));
	return place < 0 ? LONGEST.length : place;
};

module.exports = class extends Sequencer {
	/** @param {import('@jest/test-result').Test[]} tests */
	sort(tests) {
		return super.sort(tests).sort((one, other) => placeOf(one) - placeOf(other));
	}
};
