import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

import GithubSlugger from 'github-slugger';

import type { Page } from './files';

/** Checks that every relative link of a page leads somewhere, to its anchor. @returns one text for each problem */
export function checkLinks(root: string, { path, text }: Page): string[] {
	return linksOf(text).flatMap((link) => {
		if (/^[a-z][a-z+.-]*:/i.test(link)) return /^https?:/.test(link) && !URL.canParse(link) ? [`${path}: ${link} is no URL`] : [];
		const [target = '', anchor] = link.split('#');
		const file = target === '' ? path : posix.join(posix.dirname(path), decodeURIComponent(target));
		if (!existsSync(join(root, file))) return [`${path}: ${link} leads nowhere`];
		if (anchor === undefined || !file.endsWith('.md')) return [];
		return anchorsOf(readFileSync(join(root, file), 'utf8')).has(anchor) ? [] : [`${path}: ${file} has no heading #${anchor}`];
	});
}

function linksOf(text: string): string[] {
	const prose = withoutCode(text);
	const inline = [...prose.matchAll(/\]\(\s*<?([^\s)>]+)>?[^)]*\)/g)];
	const html = [...prose.matchAll(/<(?:img|a)\b[^>]*?\b(?:src|href)="([^"]+)"/g)];
	const references = [...prose.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)];
	return [...inline, ...html, ...references].map(([, link]) => link!);
}

/** What a link to a heading of a page may have behind its `#`. */
export function anchorsOf(text: string): Set<string> {
	const slugger = new GithubSlugger();
	const headings = [...withoutCode(text, false).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)];
	return new Set(headings.map(([, heading]) => slugger.slug(heading!.replace(/[`*]|\]\([^)]*\)|\[/g, ''))));
}

/** The text without code blocks, and without code in a line unless it is kept. */
function withoutCode(text: string, inLineToo = true): string {
	const prose = text.replace(/^( *)(```|~~~)[\s\S]*?^ *\2/gm, '').replace(/<!--[\s\S]*?-->/g, '');
	return inLineToo ? prose.replace(/`[^`\n]*`/g, '') : prose;
}
