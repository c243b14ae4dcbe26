import type { Locator, Page } from 'playwright-core';
import { Editor } from './editor';
import { Hands, type GivenFile } from './hands';

/** What is typed into the node panel's search, '' for nothing, and the rows that are clicked then: the node, its action. */
export type Wanted = [search: string, ...rows: string[]];

/** What closes an open node, in n8n 2.x and before. */
const CLOSE = '[data-test-id="ndv-close-button"], [data-test-id="back-to-canvas"]';

/** Whoever builds a workflow on an empty canvas, by clicking and typing alone. */
export class Builder {
	readonly hands: Hands;
	readonly editor: Editor;

	constructor(readonly page: Page) {
		this.hands = new Hands(page);
		this.editor = new Editor(page);
	}

	/** Opens an empty canvas, and puts the first node on it. @returns the node's name; where n8n adds another before it, still its own */
	async begin([search, ...rows]: Wanted): Promise<string> {
		await this.editor.openNew();
		return await this.adding(async () => {
			await this.hands.click(this.page.getByTestId('canvas-add-button').first());
			await this.find(search, rows);
		});
	}

	/** Adds a node behind an output of another one, by its plus sign. @returns the node's name */
	async addBehind(node: string, [search, ...rows]: Wanted, output = 0): Promise<string> {
		const handle = this.editor.node(node).getByTestId('canvas-node-output-handle').nth(output);
		return await this.addAt(handle, search, rows);
	}

	/** Adds a node to a further input of another one: a model, a tool. @returns the node's name */
	async addBelow(node: string, input: string, [search, ...rows]: Wanted): Promise<string> {
		const handle = this.editor.node(node).getByTestId('canvas-node-input-handle').filter({ hasText: input });
		return await this.addAt(handle, search, rows);
	}

	/** Adds a node behind one that leads to others already: a branch of its own. @returns the node's name */
	async addBranch(node: string, [search, ...rows]: Wanted): Promise<string> {
		await this.hands.click(this.editor.node(node));
		return await this.adding(async () => {
			await this.hands.click(this.page.getByTestId('node-creator-plus-button').first());
			await this.find(search, rows);
		});
	}

	/** Looks for a node on an empty canvas, and clicks these rows. @returns the names that the node panel shows then */
	async search(text: string, ...rows: string[]): Promise<string[]> {
		await this.editor.openNew();
		await this.hands.click(this.page.getByTestId('canvas-add-button').first());
		await this.find(text, rows);
		await this.editor.settle();
		return await this.editor.rows();
	}

	/** The names of the nodes on the canvas. */
	async nodes(): Promise<string[]> {
		return await this.page
			.getByTestId('canvas-node')
			.evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-node-name') ?? ''));
	}

	/** Chooses an option of a parameter. */
	async choose(parameter: string, option: string): Promise<void> {
		await this.hands.click(this.editor.field(parameter));
		await this.hands.click(this.option(option));
		await this.editor.settle();
	}

	/** Writes a text into a parameter, in place of what stands there. */
	async write(parameter: string, text: string): Promise<void> {
		const input = this.editor.field(parameter).locator('input, textarea, .cm-content').first();
		await this.hands.click(input);
		if (await textOf(input)) await this.hands.press('Control+a');
		await this.hands.type(text);
		await this.editor.settle();
	}

	/** Writes an expression into a parameter. An equals sign switches the field over, and brings back what stood there. */
	async writeExpression(parameter: string, expression: string): Promise<void> {
		const field = this.editor.field(parameter);
		const input = field.locator('input, textarea').first();
		await this.hands.click(input);
		const stood = await textOf(input);
		if (stood) await this.hands.press('Control+a');
		await this.hands.press('=');
		await field.locator('.cm-content').first().waitFor();
		await this.editor.settle();
		if (stood) await this.hands.press('Control+a');
		await this.hands.type(expression);
		await this.editor.settle();
	}

	/** Leaves a parameter of a tool to the model. */
	async leaveToModel(parameter: string): Promise<void> {
		const item = this.page.getByTestId('parameter-item').filter({ has: this.editor.field(parameter) });
		await this.hands.click(item.getByTestId('from-ai-override-button').first());
		await this.editor.settle();
	}

	/** Gives the open node another name. */
	async rename(name: string): Promise<void> {
		await this.hands.click(this.page.getByTestId('node-title-container').getByTestId('inline-edit-preview'));
		await this.editor.settle();
		await this.hands.press('Control+a');
		await this.hands.type(name);
		await this.hands.press('Enter');
		await this.editor.settle();
	}

	/** Closes the open node. */
	async close(): Promise<void> {
		await this.hands.click(this.page.locator(CLOSE).first());
		await this.page.locator(CLOSE).first().waitFor({ state: 'hidden' });
		await this.editor.settle();
	}

	/** Runs the workflow from its first node on. */
	async run(): Promise<void> {
		await this.hands.click(this.page.getByTestId('execute-workflow-button'));
	}

	/** Runs the open node, and what stands before it. */
	async runStep(): Promise<void> {
		await this.hands.click(this.page.getByTestId('node-execute-button'));
		await this.editor.stepEnded();
	}

	/** Runs a workflow that begins with a form: fills the form, which opens by itself, and sends it. */
	async runForm(file: GivenFile): Promise<void> {
		const opened = this.page.context().waitForEvent('page');
		await this.run();
		const form = await opened;
		await form.waitForLoadState();
		await this.hands.chooseFile(form.locator('input[type=file]'), file);
		await this.hands.click(form.getByRole('button', { name: 'Submit' }));
		await form
			.getByText(/submitted|recorded/i)
			.first()
			.waitFor();
		await form.close();
	}

	/** Writes to the chat of a workflow that begins with one. */
	async chat(message: string): Promise<void> {
		await this.hands.click(this.page.getByTestId('workflow-chat-button').first());
		await this.hands.click(this.page.getByTestId('chat-input').first());
		await this.hands.type(message);
		await this.hands.press('Enter');
	}

	/** Types into the search of the node panel, and clicks these rows. */
	private async find(search: string, rows: string[]): Promise<void> {
		await this.page.getByTestId('node-creator-search-bar').waitFor();
		await this.editor.settle();
		if (search !== '') await this.hands.type(search);
		for (const row of rows) {
			await this.hands.click(this.row(row));
			await this.editor.settle();
		}
	}

	private async addAt(handle: Locator, search: string, rows: string[]): Promise<string> {
		return await this.adding(async () => {
			await this.hands.click(handle.getByTestId('canvas-handle-plus'));
			await this.find(search, rows);
		});
	}

	private row(name: string): Locator {
		return this.page
			.getByTestId('node-creator-item-name')
			.filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) })
			.first();
	}

	private option(name: string): Locator {
		const options = this.page.getByRole('option').filter({ visible: true });
		return options.filter({ has: this.page.getByText(name, { exact: true }) }).first();
	}

	/** @returns the name of the node that was added last */
	private async adding(work: () => Promise<void>): Promise<string> {
		const before = await this.nodes();
		await work();
		await this.page.getByTestId('canvas-node').nth(before.length).waitFor();
		await this.page.waitForTimeout(800);
		const added = (await this.nodes()).filter((name) => !before.includes(name));
		return added.at(-1) ?? '';
	}
}

/** What stands in a field. */
const textOf = async (input: Locator): Promise<string> =>
	await input.evaluate((element) => ('value' in element ? String(element.value) : (element.textContent ?? '')));
