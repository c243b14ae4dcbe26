import {
	ICredentials,
	ICredentialsHelper,
	type ICredentialDataDecryptedObject,
	type ICredentialsExpressionResolveValues,
	type IDataObject,
	type IHttpRequestOptions,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeProperties,
} from 'n8n-workflow';

import type { NodeTypeTable } from './nodeTypes';

/**
 * n8n's credential store, reduced to given data, by the credential's id or by its type. Expressions in it are resolved, and
 * signing is the credential type's own, as in n8n.
 */
export class TestCredentials extends ICredentialsHelper {
	constructor(
		private readonly data: Record<string, IDataObject>,
		private readonly types: NodeTypeTable,
	) {
		super();
	}

	getParentTypes(): string[] {
		return [];
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.types.credentialType(typeName);
		if (typeof authenticate !== 'function') throw new Error(`${typeName} does not sign by itself`);
		return await authenticate(credentials, request);
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	/** @throws Error where there is no such credential, as when it was deleted */
	async getDecrypted(
		_additionalData: unknown,
		{ id }: INodeCredentialsDetails,
		type: string,
		_mode: unknown,
		_executeData?: unknown,
		_raw?: boolean,
		values?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const stored = this.data[id ?? ''] ?? this.data[type];
		if (!stored) throw new Error(`Credential with ID "${id}" does not exist for type "${type}".`);
		// n8n hands out a copy each time.
		const data = structuredClone(stored) as ICredentialDataDecryptedObject;
		return values ? resolved(data, values) : data;
	}

	async getCredentials(): Promise<ICredentials> {
		throw new Error('not used by the engine');
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	getCredentialsProperties(typeName: string): INodeProperties[] {
		return this.types.credentialType(typeName).properties;
	}

	async updateCredentials(): Promise<void> {}

	async updateCredentialsOauthTokenData(): Promise<void> {}
}

function resolved(
	data: ICredentialDataDecryptedObject,
	{ workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData }: ICredentialsExpressionResolveValues,
): ICredentialDataDecryptedObject {
	return workflow.expression.getParameterValue(
		data as INodeParameters,
		runExecutionData,
		runIndex,
		itemIndex,
		node.name,
		connectionInputData,
		'manual',
		{},
	) as ICredentialDataDecryptedObject;
}
