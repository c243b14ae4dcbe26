const Sequencer = require('@jest/test-sequencer').default;

/**
 * Makes jest's order of suites: those that take longest begin before the others, so that none is left alone at the end.
 * @param {readonly string[]} longest the ends of their paths, the longest first
 */
module.exports = (longest) => {
	/** @param {import('@jest/test-result').Test} test */
	const placeOf = ({ path }) => {
		const place = longest.findIndex((end) => path.endsWith(end));
		return place < 0 ? longest.length : place;
	};
	return class extends Sequencer {
		/** @param {import('@jest/test-result').Test[]} tests */
		sort(tests) {
			return super.sort(tests).sort((one, other) => placeOf(one) - placeOf(other));
		}
	};
};
