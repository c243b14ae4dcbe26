import { play, type Tally, type Tried } from './sequences/play';
import type { Behaviour } from './sequences/provider';

/**
 * "Paid once, never lost": random sequences of creates, faults, late arrivals, look-ups and tries of n8n's Retry On Fail, on a clock of their
 * own. `SEQUENCES=1000 SEED=1 npx jest test/trust/sequences` plays more of them, or the same again.
 */
const COUNT = Number(process.env.SEQUENCES ?? 60);
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

const KLING: Behaviour = {
	name: 'klingGlobal',
	route: 'imageToVideo',
	refusesDuplicates: true,
	externalIds: 'kept',
	hiddenMs: 0,
	lateMs: 25_000,
};
const LIP_SYNC: Behaviour = { ...KLING, route: 'lipSync' };
const NEWER: Behaviour = { ...KLING, model: 'kling-3.0' };
const GATEWAY: Behaviour = { ...KLING, name: 'deerApi', refusesDuplicates: false, externalIds: 'replaced' };

interface Configuration {
	what: string;
	behaviour: Tried;
	/** Whether the provider behaves as it is documented to, as far as paying once hangs on it. */
	isDocumented: boolean;
}

const CONFIGURATIONS: Configuration[] = [
	{ what: 'Kling as documented', behaviour: KLING, isDocumented: true },
	{ what: 'Kling, tries in other processes', behaviour: { ...KLING, forgets: true }, isDocumented: true },
	{ what: 'Kling, new tasks hidden for up to a minute', behaviour: { ...KLING, hiddenMs: 60_000 }, isDocumented: true },
	{ what: 'Kling, duplicates not refused', behaviour: { ...KLING, refusesDuplicates: false }, isDocumented: true },
	{ what: 'Kling, lip-sync', behaviour: LIP_SYNC, isDocumented: true },
	{ what: 'Kling, lip-sync, duplicates not refused', behaviour: { ...LIP_SYNC, refusesDuplicates: false }, isDocumented: true },
	{ what: 'Kling, newer form', behaviour: NEWER, isDocumented: true },
	{ what: 'Kling, newer form, tries in other processes', behaviour: { ...NEWER, forgets: true }, isDocumented: true },
	{ what: 'Kling, newer form, duplicates not refused', behaviour: { ...NEWER, refusesDuplicates: false }, isDocumented: true },
	{
		what: 'Kling, under a Task Key, tries in other processes',
		behaviour: { ...KLING, forgets: true, isKeyed: true },
		isDocumented: true,
	},
	{ what: 'Kling, newer form, under a Task Key', behaviour: { ...NEWER, forgets: true, isKeyed: true }, isDocumented: true },
	{ what: 'the newer form at a gateway', behaviour: { ...NEWER, name: 'deerApi', refusesDuplicates: false }, isDocumented: true },
	{ what: 'a gateway that replaces external ids', behaviour: GATEWAY, isDocumented: true },
	{ what: 'a gateway that keeps external ids', behaviour: { ...GATEWAY, externalIds: 'kept' }, isDocumented: true },
	{
		what: 'Kling, duplicates not refused, and new tasks hidden for up to a minute',
		behaviour: { ...KLING, refusesDuplicates: false, hiddenMs: 60_000 },
		isDocumented: false,
	},
];

const tallies = new Map<string, Tally>();

describe.each(CONFIGURATIONS)('$what', ({ what, behaviour, isDocumented }) => {
	let tally: Tally;
	beforeAll(async () => {
		tally = await play(behaviour, COUNT, SEED);
		tallies.set(what, tally);
	});

	it('no task is lost: a result or an error names it', () => {
		expect(tally.lost).toBe(0);
	});

	it('and some end well', () => {
		expect(tally.finished).toBeGreaterThan(0);
	});

	if (isDocumented) {
		it('no task is paid twice', () => {
			expect(tally.paidTwice).toBe(0);
		});
	}
});

afterAll(() => {
	const lines = [...tallies].map(([what, { sequences, paidTwice, lost, finished }]) =>
		[what, `${sequences} sequences`, `${paidTwice} paid twice`, `${lost} lost`, `${finished} finished`].join(', '),
	);
	process.stdout.write(`sequences: SEED=${SEED}\n${lines.join('\n')}\n`);
});
