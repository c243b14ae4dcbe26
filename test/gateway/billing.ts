import type { Billing } from './types';

/** What a call costs, in units. Source: Kling's price list. */
export const PRICES = { recognition: '0.1', identification: '0.05', speech: '0.05' };

/** What Kling says that a call cost: units, money, or both; numbers come as text. */
export function deduction(units: string, billing: Billing): object {
	const inUnits = { final_unit_deduction: units };
	const inCash = { final_balance_deduction: { quota: units, list_price: String(Number(units) / 10) } };
	return { units: inUnits, cash: inCash, both: { ...inUnits, ...inCash } }[billing];
}
