import type { Page } from './files';

const BLOCK = /<!-- figures: .*? -->(.*?)<!-- \/figures -->/s;
const FIGURES = /[\d.]+ [×%]/g;
const FEWEST = 6;
const PAGE = 'docs/performance.md';

/** Checks that each figure of the performance page stands in the page that it is taken from: a row that says simulated, in the simulation's. */
export function checkFigures(pages: readonly Page[]): string[] {
	const textOf = (path: string): string => pages.find((page) => page.path === path)?.text ?? '';
	const rows = (BLOCK.exec(textOf(PAGE))?.[1] ?? '').split('\n').filter((row) => row.match(FIGURES));
	if (rows.length < FEWEST) return [`${PAGE} has ${rows.length} rows of figures, at least ${FEWEST} expected`];
	return rows.flatMap((row) => {
		const source = `docs/development/${row.includes('(simulated)') ? 'simulation' : 'benchmarks'}.md`;
		const missing = row.match(FIGURES)!.filter((figure) => !textOf(source).includes(` ${figure}`));
		return missing.map((figure) => `${PAGE}: ${source} has no ${figure}`);
	});
}
