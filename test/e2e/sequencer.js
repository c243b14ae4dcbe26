const longestFirst = require('../jest/longestFirst');

/** The suites that take longest on any host. */
const LONGEST = ['jobs', 'playground', 'recipes', 'browser', 'waiting', 'generation', 'examples', 'cli', 'links'].map(
	(name) => `/suites/${name}.test.ts`,
);

module.exports = longestFirst(LONGEST);
