import { outcomeOf } from '../../shared/engine/failure';
import type { Body } from '../../shared/engine/job';
import { BodyForm, FileBody } from '../../shared/kling/files/requestBody';
import { asKlingError } from '../../shared/kling/klingError';
import { externalTaskId, keyedTaskId, withExternalTaskId } from '../../shared/kling/tasks/externalTaskId';
import type { TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import type { JsonObject } from '../../shared/kling/values';
import type { Input } from '../../shared/n8n/operation';
import { isTool } from '../../shared/n8n/settings';
import type { GenerationItem } from '../options';
import { fetchAll, type FetchedFile } from './fetchedFile';
import type { MediaFile } from './mediaFile';

/** What an operation wants to have made. */
export interface TaskRequest {
	route: TaskRoute;
	/** What the provider counts an account's tasks by: the model, or what is made. */
	counted: string;
	/** How many bytes of Base64 its body has of the files that are at hand. */
	base64Bytes: number;
	/** The files in it that are fetched before its turn. */
	fetched: readonly FetchedFile[];
	/** Fetches what has to be known for them, before its turn. @throws KlingError where it cannot be had */
	fetch?(): Promise<unknown>;
	/** The body's fields; asked for again for each create. @throws KlingError where something would be refused */
	fields(): Promise<JsonObject>;
	/** The image that a video is made of, as sent; null where there is none, or it is sent as a file. */
	imageUrl: string | null;
	/** The name of the file that it is made of, after which the result is named; null: after the task. */
	fileName: string | null;
}

/**
 * The input that creates a task: it waits beside the other items until its account and model have a place free.
 * @param taskKey under which it is made; null: for this item alone
 */
export function taskInput(item: GenerationItem, request: TaskRequest, taskKey: string | null): Input {
	const { route, base64Bytes, fetched } = request;
	const source = {
		bytes: base64Bytes,
		build: async () => await build(item, route, taskKey, new BodyForm(await request.fields())),
	};
	const fetch = async () => {
		const { bytes, free } = await fetchAll(item, fetched);
		const known = await outcomeOf(async () => await request.fetch?.(), asKlingError);
		if ('result' in known) return { ...source, bytes: base64Bytes + bytes, free };
		free();
		throw known.failure;
	};
	return {
		key: null,
		// What became of a task under a key is asked for anew in each run.
		isOfRun: true,
		body: request.fetch || fetched.length > 0 ? { fetch } : source,
		lane: item.run.lanes.tasks(request.counted),
		patienceMs: item.options.maxWaitMs,
	};
}

async function build(item: GenerationItem, route: TaskRoute, taskKey: string | null, form: BodyForm): Promise<Body> {
	const { run } = item;
	const buffer = run.pool.take(form.length);
	const body = new FileBody(form, buffer);
	for (const [place, file] of (form.places as ReadonlyArray<MediaFile | FetchedFile>).entries()) {
		if (place > 0) body.next();
		await file.writeTo(body);
	}
	const content = body.finish();
	const id = taskKey === null ? ownId(item, route, content) : keyedTaskId({ key: taskKey, path: route.path, content });
	return {
		bytes: withExternalTaskId(content, id),
		key: taskKey === null ? null : sharedBy(item, id),
		recycle: () => run.pool.give(buffer),
	};
}

function ownId({ run, index }: GenerationItem, { path }: TaskRoute, content: Buffer): string {
	const { context, executionId } = run;
	return externalTaskId({
		instanceId: context.getInstanceId(),
		executionId,
		nodeId: context.getNode().id,
		// n8n raises it with each try of an agent's tool.
		runIndex: isTool(context) ? 0 : run.runIndex,
		itemIndex: index,
		path,
		content,
	});
}

/** Items of a run that want the same task, and wait for it in the same way, are answered together. */
const sharedBy = ({ options: { wait, maxWaitMs } }: GenerationItem, id: string): string => JSON.stringify([id, wait, maxWaitMs]);
