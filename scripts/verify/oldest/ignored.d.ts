/** What the oldest n8n does not know and passes over, so that the package may still say it. */
declare module 'n8n-workflow-oldest/dist/Interfaces' {
	interface INodeTypeDescription {
		/** Read by the AI that builds workflows. */
		builderHint?: object;
	}
	interface INodeProperties {
		builderHint?: object;
	}
	interface IHttpRequestOptions {
		/** Before it, a redirect took the credential along whatever was asked: signed calls follow none. */
		sendCredentialsOnCrossOriginRedirect?: boolean;
	}
}

export {};
