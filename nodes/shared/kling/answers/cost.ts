import { readNumber, readObject, type JsonObject } from '../values';

/** What a call cost, as the provider says; null where it says nothing. */
export interface Cost {
	/** Units of a resource pack. */
	unitsDeducted: number | null;
	/** The quota that a cash account was charged. */
	balanceDeducted: number | null;
}

/** Reads the deductions of an answer's `data`. Source: Kling's API reference; cash accounts get the second one only. */
export function readCost(data: JsonObject): Cost {
	return {
		unitsDeducted: readNumber(data.final_unit_deduction),
		balanceDeducted: readNumber(readObject(data.final_balance_deduction)?.quota),
	};
}
