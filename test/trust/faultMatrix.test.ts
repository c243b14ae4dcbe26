import { until } from '../engine/until';
import { debugLog } from './support/debugLog';

import { callErrorsPage } from './faults/page';
import { errorParts } from './faults/parts';
import { playAll, type Case, type Observed } from './faults/play';
import { expectedCalls } from './faults/row';
import { STAGES } from './faults/stages';
import { leaksIn, textOf } from './support/leaks';
import { pageOf, pageWith } from './support/pageOf';
import { openPlaces, type Places } from './support/places';
import { startWorld, type World } from './support/world';

const CASES: Case[] = STAGES.flatMap((stage) => stage.rows.map((row) => ({ stage, row })));

let world: World;
let places: Places;
let observed: Map<Case, Observed>;

beforeAll(async () => {
	world = await startWorld();
	places = await openPlaces(world.gateway.tlsUrl);
	observed = await playAll(world, places, CASES);
}, 240_000);

afterAll(async () => {
	await places.close();
	await world.close();
});

describe.each(STAGES)('$name', (stage) => {
	test.each(CASES.filter((one) => one.stage === stage).map((one) => ({ ...one, fault: one.row.fault, one })))(
		'$fault',
		({ one, row }) => {
			const { message, description, httpStatus, serviceCode, attempts, calls, typed } = observed.get(one)!;
			expect({ message, typed }).toEqual({ message: row.message, typed: true });
			const expected = expectedCalls(row);
			if (calls !== null && expected !== null) expect({ calls }).toEqual({ calls: expected });
			if (calls !== null && expected === null) expect(calls).toBeGreaterThanOrEqual(4);
			if (calls !== null && expected === null) expect(calls).toBeLessThanOrEqual(60);
			if (stage.section === 'Calls' && message !== null) {
				expect({ httpStatus, serviceCode }).toEqual({ httpStatus: row.httpStatus, serviceCode: row.serviceCode });
				expect(attempts).toBe(expected ?? calls);
				expect(description).toMatch(row.description ?? /\w.*[.)]/);
			}
			if (stage.section === 'Images that are fetched first' && message !== null) {
				expect(description).toMatch(/\w.*[.)]/);
				expect(attempts).toBe(0);
			}
		},
	);
});

test('what a user reads is the same in both operations', () => {
	const texts = new Map<string, Set<string | null>>();
	for (const [{ stage, row }, { message }] of observed) {
		const id = `${stage.section} ${row.id}`;
		texts.set(id, (texts.get(id) ?? new Set()).add(message));
	}
	expect([...texts].filter(([, different]) => different.size > 1)).toEqual([]);
});

test.each(STAGES)('$name: nothing secret stands in an error, its stack, cause and context, or the execution', (stage) => {
	const leaks = CASES.filter((one) => one.stage === stage).flatMap((one) => {
		const { run, setup } = observed.get(one)!;
		const { runData, error } = run.run.data.resultData;
		// The image came in with the item before: only what the node adds is its own.
		return leaksIn(textOf([runData.Kling, error, run.outputs]), setup.image).map((name) => `${one.row.id}: ${name}`);
	});
	expect(leaks).toEqual([]);
});

test("nothing secret stands in n8n's log at debug level", async () => {
	const log = await debugLog();
	expect(log.length).toBeGreaterThan(0);
	expect(leaksIn(log)).toEqual([]);
	expect([...observed.values()].flatMap(({ setup }) => leaksIn(log, setup.image))).toEqual([]);
});

test('no download carries the credential', () => {
	expect(world.gateway.downloads.length).toBeGreaterThan(0);
	expect(world.gateway.downloads.filter(({ headers }) => leaksIn(JSON.stringify(headers)).length > 0)).toEqual([]);
	expect(world.gateway.downloads.filter(({ headers }) => 'authorization' in headers)).toEqual([]);
});

test('every connection is closed', async () => {
	await until(() => world.gateway.stats().openSockets === 0, 10_000);
	expect(world.gateway.stats().openSockets).toBe(0);
});

test('docs/errors.md says what happens', () => {
	const page = pageWith('errors.md', errorParts(observed));
	expect(pageOf('errors.md', page)).toBe(page);
});

test('docs/development/errors-calls.md says what happens', () => {
	const page = callErrorsPage(observed);
	expect(pageOf('development/errors-calls.md', page)).toBe(page);
});
