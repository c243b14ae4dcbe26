/** What a call cost, and which call it was; null where the provider did not say. */
export interface Cost {
	requestId: string | null;
	unitsDeducted: number | null;
	/** The quota of a cash account. */
	balanceDeducted: number | null;
	/** Whether the answer came from an identical item: then it cost nothing here, so that a sum over the items is the bill. */
	reused: boolean;
}

/** The cost of a result, as its items say it. */
export function costOf(result: Omit<Cost, 'reused'>, reused: boolean): Cost {
	const { requestId, unitsDeducted, balanceDeducted } = result;
	return reused
		? { requestId, unitsDeducted: 0, balanceDeducted: 0, reused }
		: { requestId, unitsDeducted, balanceDeducted, reused };
}
