import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

import type { Stage } from './stage';

type Execute = (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

/** Puts something between n8n and the `execute` of the nodes of the package. */
export type Between = (wrap: (execute: Execute, context: IExecuteFunctions) => Promise<INodeExecutionData[][]>) => void;

/** For the tests of a file, or of a block; what was put between is gone after each. */
export function useBetween(stage: Stage): Between {
	const types = () => stage.engine.types;
	let getByName: ReturnType<typeof types>['getByName'];
	beforeEach(() => {
		getByName = types().getByName;
	});
	afterEach(() => {
		types().getByName = getByName;
	});
	return (wrap) => {
		types().getByName = (name) => {
			const type = getByName.call(types(), name);
			if (!name.startsWith('n8n-nodes-kling-recognition.')) return type;
			const execute: Execute = async function () {
				return await wrap(type.execute as Execute, this);
			};
			return Object.create(type, { execute: { value: execute } }) as INodeType;
		};
	};
}
