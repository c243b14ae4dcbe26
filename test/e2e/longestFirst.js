const { basename } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/** The suites that take longest, the longest first; they begin before the others, so that none is left alone at the end. */
const LONGEST = ['jobs', 'playground', 'recipes', 'browser', 'waiting', 'generation', 'examples', 'cli', 'links'];

/** @param {{ path: string }} test */
const placeOf = ({ path }) => {
	const place = LONGEST.indexOf(basename(path, '.test.ts'));
	return place < 0 ? LONGEST.length : place;
};

module.exports = class extends Sequencer {
	sort(tests) {
		return [...tests].sort((a, b) => placeOf(a) - placeOf(b));
	}
};
