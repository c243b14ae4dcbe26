const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest's own environment of Node.js, but for what a suite's global object is: an ordinary one, and not a proxy that is called at each
 * look at `Math` or `Array`. Such a look is two hundred times as fast. Node.js 20 has proxies only.
 */
module.exports = class extends TestEnvironment {
	/** @param {ConstructorParameters<typeof TestEnvironment>} given */
	constructor(...given) {
		const { createContext } = vm;
		vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
		try {
			super(...given);
		} finally {
			vm.createContext = createContext;
		}
	}
};
