import type { Billing } from './types';

/** What Kling says that a call cost: units, money, or both; numbers come as text. */
export function deduction(units: string, billing: Billing): object {
	const inUnits = { final_unit_deduction: units };
	const inCash = { final_balance_deduction: { quota: units, list_price: String(Number(units) / 10) } };
	return { units: inUnits, cash: inCash, both: { ...inUnits, ...inCash } }[billing];
}
