const PAGES = ['instanceBaseUrl', 'webhookBaseUrl', 'formWaitingBaseUrl', 'webhookWaitingBaseUrl', 'webhookTestBaseUrl'];

/** Addresses of the n8n that a run belongs to; expressions can name them. */
export const addressesOf = (url: string): Record<string, string> => ({
	...Object.fromEntries(PAGES.map((name) => [name, url])),
	restApiUrl: `${url}rest`,
});

/** The address of an n8n that nobody has given another. */
export const LOCAL = 'http://localhost:5678/';
