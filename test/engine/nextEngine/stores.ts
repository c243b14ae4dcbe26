import { randomUUID } from 'node:crypto';

import {
	stepKeyId,
	type ExecutionRecord,
	type ExecutionStore,
	type StepKey,
	type StepRecord,
	type StepStore,
	type StepSummary,
} from '@n8n/engine/dist/execution';

/** What goes into the next engine's PostgreSQL comes out as JSON: no undefined, no property that JSON leaves out. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** The next engine's executions, in memory instead of PostgreSQL. */
export class MemoryExecutions implements ExecutionStore {
	private readonly records = new Map<string, ExecutionRecord>();

	async createExecution(record: ExecutionRecord): Promise<void> {
		this.records.set(record.id, stored(record));
	}

	async loadExecution(id: string): Promise<ExecutionRecord> {
		return stored(this.records.get(id)!);
	}

	async transitionStatus(id: string, from: ExecutionRecord['status'], to: ExecutionRecord['status']): Promise<boolean> {
		const record = this.records.get(id)!;
		if (record.status !== from) return false;
		record.status = to;
		return true;
	}

	async finishExecution(id: string, status: 'completed' | 'failed'): Promise<boolean> {
		return await this.transitionStatus(id, 'running', status);
	}
}

const SETTLED = new Set<StepRecord['status']>(['completed', 'failed', 'skipped', 'cancelled']);

/**
 * The next engine's steps, in memory instead of PostgreSQL: one for each node and iteration of an execution, and each is claimed once.
 * As `@n8n/engine/dist/database/typeorm-step-store.js`, 0.21.0.
 */
export class MemorySteps implements StepStore {
	private readonly records: StepRecord[] = [];

	async createSteps(executionId: string, news: Parameters<StepStore['createSteps']>[1]): ReturnType<StepStore['createSteps']> {
		if (await this.hasFailedSteps(executionId)) return [];
		const known = new Set((await this.loadAllSteps(executionId)).map(stepKeyId));
		const created = news
			.filter((record) => !known.has(stepKeyId(record)))
			.map((record): StepRecord => ({ outputs: null, ...stored(record), id: randomUUID(), executionId }));
		this.records.push(...created);
		return created.map(({ id, nodeId, iteration }) => ({ id, nodeId, iteration }));
	}

	async loadStep(id: string): Promise<StepRecord> {
		return stored(this.find(id));
	}

	async claimStep(id: string): Promise<StepRecord | null> {
		if (await this.hasFailedSteps(this.find(id).executionId)) return null;
		return this.change(id, 'queued', { status: 'running' }) ? await this.loadStep(id) : null;
	}

	async completeStep(id: string, outputs: NonNullable<StepRecord['outputs']>): Promise<boolean> {
		return this.change(id, 'running', { status: 'completed', outputs });
	}

	async failStep(id: string, error: NonNullable<StepRecord['error']>): Promise<boolean> {
		return this.change(id, 'running', { status: 'failed', error });
	}

	async cancelQueuedSteps(executionId: string): Promise<void> {
		for (const { id } of this.of(executionId)) this.change(id, 'queued', { status: 'cancelled' });
	}

	async loadStepsByKeys(executionId: string, keys: StepKey[]): Promise<Record<string, StepRecord>> {
		const asked = new Set(keys.map(stepKeyId));
		const steps = (await this.loadAllSteps(executionId)).map((step) => [stepKeyId(step), step] as const);
		return Object.fromEntries(steps.filter(([key]) => asked.has(key)));
	}

	async loadStepSummariesByKeys(executionId: string, keys: StepKey[]): Promise<Record<string, StepSummary>> {
		const steps = Object.entries(await this.loadStepsByKeys(executionId, keys));
		return Object.fromEntries(steps.map(([key, step]) => [key, summary(step)]));
	}

	async loadLatestStepSummaries(executionId: string, nodeIds: string[]): Promise<Record<string, StepSummary>> {
		const steps = this.of(executionId).filter(({ nodeId }) => nodeIds.includes(nodeId));
		const rising = steps.sort((one, other) => one.iteration - other.iteration);
		return Object.fromEntries(rising.map((step) => [step.nodeId, summary(step)]));
	}

	async loadAllSteps(executionId: string): Promise<StepRecord[]> {
		return stored(this.of(executionId));
	}

	async countSettledSteps(executionId: string): Promise<number> {
		return this.of(executionId).filter(({ status }) => SETTLED.has(status)).length;
	}

	async hasFailedSteps(executionId: string): Promise<boolean> {
		return this.of(executionId).some(({ status }) => status === 'failed');
	}

	private of(executionId: string): StepRecord[] {
		return this.records.filter((step) => step.executionId === executionId);
	}

	private find(id: string): StepRecord {
		return this.records.find((step) => step.id === id)!;
	}

	private change(id: string, from: StepRecord['status'], fields: Partial<StepRecord>): boolean {
		const step = this.find(id);
		if (step.status !== from) return false;
		Object.assign(step, stored(fields));
		return true;
	}
}

const summary = ({ id, nodeId, iteration, status, outputs }: StepRecord): StepSummary => ({
	id,
	nodeId,
	iteration,
	status,
	filledOutputSlots: (outputs ?? []).map((slot) => slot !== null),
});
