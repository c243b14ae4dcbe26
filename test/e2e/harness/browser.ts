import { chromium, selectors, type Browser, type Page } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { BROWSER } from './debian';
import { logFile } from './instance';
import type { Host } from './hosts';
import { OWNER, type Connection } from './server';

/** A browser in which the owner is signed in. */
export interface OpenBrowser {
	page: Page;
	/** What went wrong in the page: exceptions, and the package's own files that did not come. */
	complaints: string[];
	/** Keeps a picture for whoever looks for the cause of a failure. */
	keepPicture(name: string): Promise<void>;
	close(): Promise<void>;
}

const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** On a busy machine the editor alone takes half of it to load. */
const ACTION_TIMEOUT_MS = 40_000;

/** Opens Debian's Chromium on a server and signs the owner in. */
export async function openBrowser(server: Connection, host: Host, viewport = { width: 1440, height: 900 }): Promise<OpenBrowser> {
	selectors.setTestIdAttribute('data-test-id');
	const browser: Browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS });
	const context = await browser.newContext({ viewport, baseURL: server.url, locale: 'en-US' });
	context.setDefaultTimeout(ACTION_TIMEOUT_MS);
	const login = await context.request.post('/rest/login', {
		data: { emailOrLdapLoginId: OWNER.email, password: OWNER.password },
	});
	if (!login.ok()) throw new Error(`The owner could not sign in: HTTP ${login.status()}`);
	const page = await context.newPage();
	const complaints: string[] = [];
	page.on('pageerror', (error) => complaints.push(error.message));
	page.on('response', (response) => {
		if (response.status() >= 400 && response.url().includes('kling')) complaints.push(`${response.status()} ${response.url()}`);
	});
	return {
		page,
		complaints,
		keepPicture: async (name) => {
			const path = logFile(host, name).replace(/\.log$/, '.png');
			mkdirSync(dirname(path), { recursive: true });
			await page.screenshot({ path });
		},
		close: async () => await browser.close(),
	};
}
