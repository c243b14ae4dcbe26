import type { Body } from '../../shared/engine/job';
import { BodyForm, FileBody } from '../../shared/kling/requestBody';
import { externalTaskId, withExternalTaskId } from '../../shared/kling/tasks/externalTaskId';
import type { TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import type { JsonObject } from '../../shared/kling/values';
import type { Input } from '../../shared/n8n/operation';
import type { GenerationItem } from '../options';
import type { MediaFile } from './media';

/** What an operation wants to have made. */
export interface TaskRequest {
	route: TaskRoute;
	/** What the provider counts an account's tasks by: the model, or what is made. */
	counted: string;
	/** How many bytes of Base64 its body has. */
	base64Bytes: number;
	/** Fetches what has to be known for them, before its turn. @throws KlingError where it cannot be had */
	fetch?(): Promise<unknown>;
	/** The body's fields; asked for again for each create. @throws KlingError where something would be refused */
	fields(): Promise<JsonObject>;
	/** The image that a video is made of, as sent; null where there is none, or it is a file. */
	imageUrl: string | null;
	/** The name of the file that it is made of, after which the result is named; null: after the task. */
	fileName: string | null;
}

/** The input that creates a task: it waits beside the other items until its account and model have a place free. */
export function taskInput(item: GenerationItem, request: TaskRequest): Input {
	const { route, base64Bytes, fetch } = request;
	const source = { bytes: base64Bytes, build: async () => await build(item, route, new BodyForm(await request.fields())) };
	const fetched = async () => {
		await fetch?.();
		return { ...source, free: () => {} };
	};
	return {
		key: null,
		body: fetch ? { fetch: fetched } : source,
		lane: item.run.lanes.tasks(request.counted),
		patienceMs: item.options.maxWaitMs,
	};
}

async function build({ run, index }: GenerationItem, route: TaskRoute, form: BodyForm): Promise<Body> {
	const buffer = run.pool.take(form.length);
	const body = new FileBody(form, buffer);
	for (const [place, file] of (form.places as readonly MediaFile[]).entries()) {
		if (place > 0) body.next();
		await file.writeTo(body);
	}
	const content = body.finish();
	const { context } = run;
	const id = externalTaskId({
		instanceId: context.getInstanceId(),
		executionId: context.getExecutionId(),
		nodeId: context.getNode().id,
		runIndex: run.runIndex,
		itemIndex: index,
		path: route.path,
		content,
	});
	return { bytes: withExternalTaskId(content, id), key: null, recycle: () => run.pool.give(buffer) };
}
