import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import tsParser from '@typescript-eslint/parser';
import { defineConfig } from 'eslint/config';
import n8nNodesPlugin from 'eslint-plugin-n8n-nodes-base';

/** n8n's own rules, as its verification applies them: to what ships, without exceptions in the code. */
export default defineConfig(
	{ ignores: ['**/node_modules/', 'dist/', 'coverage/'] },
	{ languageOptions: { parser: tsParser }, linterOptions: { reportUnusedDisableDirectives: 'error' } },
	{
		files: ['package.json', 'nodes/**/*.ts', 'credentials/**/*.ts'],
		extends: [n8nCommunityNodesPlugin.configs.recommended],
		linterOptions: { noInlineConfig: true },
		plugins: { 'n8n-nodes-base': n8nNodesPlugin },
		rules: { 'no-console': 'error' },
	},
	{ files: ['package.json'], rules: n8nNodesPlugin.configs.community.rules },
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...n8nNodesPlugin.configs.credentials.rules,
			// For n8n's own repository: there a documentation URL is a page name.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			// n8n's verification leaves this to the more accurate rule of its community plugin.
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...n8nNodesPlugin.configs.nodes.rules,
			// These two know only the text "main"; n8n's constants and expressions are newer.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
		},
	},
);
