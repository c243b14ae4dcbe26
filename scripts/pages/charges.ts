import { LIP_SYNC_STEP, PRICES, usdOf, type Charge } from '../../nodes/shared/kling/prices';
import type { Mode, VideoModel } from '../../nodes/shared/kling/tasks/models';

/** What a video costs; undefined where the model does not make it in that way. @param seconds its duration */
export function videoOf(seconds: number, { units }: VideoModel, mode: Mode, audio: 'silent' | 'audio'): Charge | undefined {
	const aSecond = units[mode]?.[audio];
	return aSecond === undefined ? undefined : { units: seconds * aSecond };
}

/** What a lip-sync costs, which is paid by steps that have begun. @param seconds its duration */
export const lipSyncOf = (seconds: number): Charge => ({
	units: Math.ceil(seconds / LIP_SYNC_STEP) * PRICES.lipSync.units,
});

/** A charge so many times. */
export const times = (count: number, charge: Charge): Charge =>
	'usd' in charge ? { usd: count * charge.usd } : { units: count * charge.units };

/** Units of a video pack as a page writes them: "0.05"; "-" where another pack pays. */
export const unitsIn = (...charges: Charge[]): string => {
	const units = charges.flatMap((charge) => ('units' in charge ? [charge.units] : []));
	return units.length === 0 ? '-' : `${Number(sum(units).toFixed(3))}`;
};

/** A sum in US dollars as a page writes it, to the cent: "113.40". */
export const dollarsIn = (...charges: Charge[]): string => sum(charges.map(usdOf)).toFixed(2);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
