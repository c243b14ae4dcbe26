import type { Locator, Page } from 'playwright-core';

/** What a job took of its user. */
export interface Effort {
	clicks: number;
	characters: number;
}

/** A file that a user has. */
export interface GivenFile {
	name: string;
	mimeType: string;
	buffer: Buffer;
}

/** A user's hands: what they do in a page, counted. */
export class Hands {
	private clicks = 0;
	private characters = 0;

	constructor(private readonly page: Page) {}

	/** Clicks once. */
	async click(target: Locator): Promise<void> {
		this.clicks += 1;
		await target.click();
	}

	/** Clicks twice, and is counted twice. */
	async doubleClick(target: Locator): Promise<void> {
		this.clicks += 2;
		await target.dblclick();
	}

	/** Types into what has the focus. */
	async type(text: string): Promise<void> {
		this.characters += [...text].length;
		await this.page.keyboard.insertText(text);
	}

	/** Presses one key, or several at once: one character. */
	async press(keys: string): Promise<void> {
		this.characters += 1;
		await this.page.keyboard.press(keys);
	}

	/** Chooses a file where a page asks for one: a click on the field, one on the file. */
	async chooseFile(field: Locator, file: GivenFile): Promise<void> {
		this.clicks += 2;
		await field.setInputFiles(file);
	}

	/** What was done so far. */
	get effort(): Effort {
		return { clicks: this.clicks, characters: this.characters };
	}
}
