import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { validateWorkflow } from '@action-validator/core';
import { parseDocument } from 'yaml';

const GITHUB = join(__dirname, '..', '.github');
const FIELD_TYPES = ['checkboxes', 'dropdown', 'input', 'markdown', 'textarea'];

/** Checks the files in .github: every one is YAML, the workflows fit GitHub's schema, the issue forms its documentation. */
function check(file: string): string[] {
	const text = readFileSync(join(GITHUB, file), 'utf8');
	const document = parseDocument(text);
	if (document.errors.length > 0) return document.errors.map(({ message }) => message);
	if (file.startsWith('workflows/')) return checkWorkflow(text);
	const isForm = file.startsWith('ISSUE_TEMPLATE/') && !file.endsWith('config.yml');
	return isForm ? checkForm(document.toJS() as Form) : [];
}

function checkWorkflow(text: string): string[] {
	return validateWorkflow(text).errors.map((error) => {
		const place = 'path' in error ? error.path : `line ${error.location?.line}`;
		return `${place}: ${error.title}${error.detail ? `: ${error.detail}` : ''}`;
	});
}

interface Form {
	name?: string;
	description?: string;
	body?: Array<{ type?: string; id?: string; attributes?: { label?: string; value?: string; options?: string[] } }>;
}

function checkForm({ name, description, body = [] }: Form): string[] {
	const ids = body.map(({ id }) => id).filter((id) => id !== undefined);
	const asks = body.some(({ type }) => type !== 'markdown');
	return [
		...(name && description && asks ? [] : ['a form needs name, description and a field in its body']),
		...(new Set(ids).size === ids.length ? [] : ['two fields have the same id']),
		...body.flatMap(({ type = '', attributes = {} }, index) => {
			if (!FIELD_TYPES.includes(type)) return [`field ${index}: "${type}" is no type of field`];
			if (type === 'markdown') return attributes.value ? [] : [`field ${index} has no value`];
			if (type === 'dropdown' && !attributes.options?.length) return [`field ${index} has no options`];
			return attributes.label ? [] : [`field ${index} has no label`];
		}),
	];
}

const files = readdirSync(GITHUB, { recursive: true, encoding: 'utf8' })
	.map((file) => file.replaceAll('\\', '/'))
	.filter((file) => /\.ya?ml$/.test(file));
const problems = files.flatMap((file) => check(file).map((problem) => `.github/${file}: ${problem}`));
if (problems.length > 0) {
	console.error(problems.join('\n'));
	process.exitCode = 1;
}
