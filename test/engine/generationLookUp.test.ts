import { jsonOf } from './stage';
import { imageItem, useGeneration } from './generationStage';

const stage = useGeneration();
const CONTINUE = { onError: 'continueRegularOutput' as const };
const QUICK = { options: { downloadResult: false } };

/** The one item's failure. */
async function failure() {
	const [json] = jsonOf(await stage.make([imageItem('a')], QUICK, CONTINUE))[0]!;
	return json as { error: string; details: { description: string; externalTaskId: string; attempts: number } };
}

it('a task that exists already and cannot be found is told by its external ID, and none is made', async () => {
	const message = 'External_task_id n8n-x already exists';
	stage.fail({ kind: 'code', status: 400, code: 1201, message, route: 'create' });
	const { error, details } = await failure();
	expect(error).toBe('The Image to Video task was created before, but cannot be found');
	expect(details.description).toContain(details.externalTaskId);
	expect(stage.account()).toMatchObject({ creates: 1, tasks: 0 });
});

it('a look that no further one can better ends in doubt at once, and nothing is sent again', async () => {
	stage.fail('create-504-after:1', 'query-401');
	const { error, details } = await failure();
	expect(error).toContain('may have been created');
	expect(details.description).toContain(details.externalTaskId);
	expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
});

it('Get Task that is not answered, without waiting, names the task all the same', async () => {
	stage.fail('query-401');
	const parameters = { operation: 'getTask', taskId: 't-1', taskOperation: 'avatar', wait: false, ...QUICK };
	const [json] = jsonOf(await stage.make([{ json: {} }], parameters, CONTINUE))[0]!;
	expect(json).toMatchObject({ details: { serviceCode: 1002, taskId: 't-1', attempts: 1 } });
	expect(stage.account()).toMatchObject({ creates: 0, tasks: 0 });
});
