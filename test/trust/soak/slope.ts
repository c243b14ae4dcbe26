/** The slope of the straight line that fits the points best (least squares). */
export function slopeOf(points: ReadonlyArray<readonly [x: number, y: number]>): number {
	const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
	const x = mean(points.map(([value]) => value));
	const y = mean(points.map(([, value]) => value));
	const over = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0);
	return over / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
}
