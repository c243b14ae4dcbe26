import type { Locator, Page } from 'playwright-core';

/** n8n's editor, as a user works with it. */
export class Editor {
	constructor(readonly page: Page) {}

	/** Opens a stored workflow on the canvas. */
	async open(workflowId: string): Promise<void> {
		await this.page.goto(`/workflow/${workflowId}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
		await this.settle();
	}

	/** Opens an empty canvas. */
	async openNew(): Promise<void> {
		await this.page.goto('/workflow/new');
		await this.page.getByTestId('canvas-add-button').first().waitFor();
	}

	/** Looks for a node in the node panel. @returns the names it finds */
	async search(text: string): Promise<string[]> {
		const first = this.page.getByTestId('canvas-add-button');
		if (await first.count()) await first.first().click();
		else await this.page.getByTestId('node-creator-plus-button').click();
		await this.page.getByTestId('node-creator-search-bar').fill(text);
		await this.found(text).first().waitFor();
		return (await this.page.getByTestId('node-creator-item-name').allInnerTexts()).map((name) => name.trim());
	}

	/** Clicks a row of the node panel. */
	async pick(name: string): Promise<void> {
		await this.found(name).first().click();
		await this.settle();
	}

	/** What the rows of the node panel are called. */
	async rows(): Promise<string[]> {
		return (await this.page.getByTestId('node-creator-item-name').allInnerTexts()).map((name) => name.trim());
	}

	/** What the groups of a node's actions are called; none where n8n lists them in one. */
	async groups(): Promise<string[]> {
		const headings = this.page.getByTestId('node-creator').getByText(/^\w+ actions$/i);
		return (await headings.allTextContents()).map((text) => text.trim());
	}

	/** A node on the canvas. */
	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** The labels of a node's outputs on the canvas, from the top. */
	async outputLabels(name: string): Promise<string[]> {
		const labels = await this.node(name).getByTestId('canvas-node-output-handle').allInnerTexts();
		return labels.map((label) => label.trim()).filter((label) => label !== '');
	}

	/** Opens a node's parameters. */
	async openNode(name: string): Promise<void> {
		await this.node(name).dblclick();
		await this.page.getByTestId('node-execute-button').waitFor();
		await this.settle();
	}

	/** Closes a node's parameters. */
	async closeNode(): Promise<void> {
		await this.escape();
		await this.page.getByTestId('node-execute-button').waitFor({ state: 'hidden' });
		await this.settle();
	}

	/** The names of the parameters that are shown, from the top. */
	async parameters(): Promise<string[]> {
		return await parametersIn(this.page.getByTestId('node-parameters'));
	}

	/** What the notices between the parameters say. */
	async notices(): Promise<string[]> {
		const notices = this.page.getByTestId('node-parameters').locator('.notice, [class*="notice" i][role="alert"]');
		return (await notices.filter({ visible: true }).allInnerTexts()).map((text) => text.trim());
	}

	/** The field of a parameter; of the topmost form that has it. */
	field(parameter: string): Locator {
		return this.page.getByTestId(`parameter-input-${parameter}`).last();
	}

	/** Chooses an option of a parameter by what it is called. */
	async choose(parameter: string, option: string): Promise<void> {
		await this.field(parameter).click();
		await this.optionsShown()
			.filter({ has: this.page.getByText(option, { exact: true }) })
			.first()
			.click();
		await this.settle();
	}

	/** What a parameter's options are called. */
	async optionsOf(parameter: string): Promise<string[]> {
		return (await this.describedOptionsOf(parameter)).map(([name]) => name);
	}

	/** What a parameter's options are called, and what is said of each. */
	async describedOptionsOf(parameter: string): Promise<Array<[name: string, description: string]>> {
		await this.field(parameter).click();
		await this.optionsShown().first().waitFor();
		const texts = await this.optionsShown().allInnerTexts();
		await this.field(parameter).click();
		await this.optionsShown().first().waitFor({ state: 'hidden' });
		return texts.map((text) => {
			const [name = '', ...rest] = text.split('\n').map((line) => line.trim());
			return [name, rest.join(' ').trim()];
		});
	}

	/** Writes into a parameter. */
	async write(parameter: string, text: string): Promise<void> {
		await this.field(parameter).locator('input, textarea').first().fill(text);
		await this.settle();
	}

	/** Executes the open node and waits until it has ended. */
	async executeStep(): Promise<void> {
		await this.page.getByTestId('node-execute-button').click();
		await this.stepEnded();
	}

	/** Waits until the output panel says how the open node ended. */
	async stepEnded(): Promise<void> {
		const panel = this.page.getByTestId('output-panel');
		await panel
			.locator(
				'[data-test-id="node-run-status-success"], [data-test-id="node-run-status-danger"], [data-test-id="node-error-view"], [data-test-id="node-error-message"]',
			)
			.first()
			.waitFor();
		await this.settle();
	}

	/** What the output panel says. */
	async output(): Promise<string> {
		return await this.page.getByTestId('output-panel').innerText();
	}

	/** Shows the output panel as JSON, as a table, or as a schema. */
	async showOutputAs(mode: 'json' | 'table' | 'schema'): Promise<void> {
		await this.page.getByTestId('output-panel').getByTestId(`radio-button-${mode}`).click();
		await this.settle();
	}

	/** The form of a credential. */
	get credential(): CredentialForm {
		return new CredentialForm(this);
	}

	/** Presses Escape where no field swallows it. */
	async escape(): Promise<void> {
		await this.page.evaluate('document.activeElement?.blur()');
		await this.page.keyboard.press('Escape');
	}

	/** Lets the page come to rest: n8n moves and redraws after each click. */
	async settle(): Promise<void> {
		await this.page.waitForTimeout(250);
	}

	private found(text: string): Locator {
		return this.page.getByTestId('node-creator-item-name').filter({ hasText: new RegExp(text, 'i') });
	}

	private optionsShown(): Locator {
		return this.page.getByRole('option').filter({ visible: true });
	}
}

/** The form in which a credential is made and changed. */
export class CredentialForm {
	constructor(private readonly editor: Editor) {}

	/** Begins a new credential, from the open node. */
	async begin(): Promise<void> {
		const { page } = this.editor;
		await page.getByTestId('node-credentials-select').click();
		await page.getByTestId('node-credentials-select-item-new').click();
		await page.getByTestId('credential-connection-parameter').first().waitFor();
		await this.editor.settle();
	}

	/** The names of the fields that are shown, from the top. */
	async fields(): Promise<string[]> {
		return await parametersIn(this.form());
	}

	/** Whether a field hides what is written into it. */
	async isSecret(field: string): Promise<boolean> {
		return (await this.editor.field(field).locator('input').first().getAttribute('type')) === 'password';
	}

	/** Saves the credential; n8n then tests it. @returns whether the test succeeded */
	async save(): Promise<boolean> {
		const { page } = this.editor;
		const tested = page.waitForResponse((response) => response.url().includes('/rest/credentials/test'));
		await page.getByTestId('credential-save-button').click();
		const response = await tested;
		const { data } = (await response.json()) as { data: { status: string } };
		await page.waitForTimeout(800);
		return data.status === 'OK';
	}

	/** What the form says; n8n 2.x closes it after a good test, and says so when it is opened again. */
	async text(): Promise<string> {
		if (!(await this.form().isVisible())) {
			await this.editor.page.getByTestId('credential-edit-button').click();
			await this.form()
				.getByText(/connection tested/i)
				.waitFor();
		}
		return await this.form().innerText();
	}

	/** Closes the form, and throws away what was not saved. */
	async close(): Promise<void> {
		const { page } = this.editor;
		await this.form().locator('.el-dialog__headerbtn').click();
		await this.editor.settle();
		const throwAway = page
			.getByRole('dialog', { name: /close without saving/i })
			.getByRole('button', { name: 'Close', exact: true });
		if (await throwAway.isVisible()) await throwAway.click();
		await this.form().waitFor({ state: 'hidden' });
	}

	/** The form itself. */
	form(): Locator {
		return this.editor.page.getByTestId('editCredential-modal');
	}
}

async function parametersIn(place: Locator): Promise<string[]> {
	const ids = await place
		.locator('[data-test-id^="parameter-input-"]')
		.filter({ visible: true })
		.evaluateAll((elements) => elements.map((element) => element.getAttribute('data-test-id') ?? ''));
	return ids.map((id) => id.slice('parameter-input-'.length)).filter((name) => name !== 'field');
}
