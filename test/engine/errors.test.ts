import './quickTime';

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Fault, Provider } from '../gateway';
import { sampleBytes } from '../samples/manifest';
import { imageUrl, jsonOf, originsOf, urlItem, useStage, videoUrl } from './stage';

const stage = useStage();

const GOOD = imageUrl('good', 'face');
const BAD = imageUrl('bad', 'face');
const refused = (match = '/n/bad'): Fault => ({ kind: 'code', status: 429, code: 1102, message: 'pack used up', match });

const REFUSED = 'The video resource pack of the Kling account is used up or has expired';
const refusedItem = (input: IDataObject) => ({
	error: REFUSED,
	details: {
		input,
		description:
			'Buy or renew a video resource pack in the Kling developer console, then run the item again. The provider said: "pack used up"',
		serviceCode: 1102,
		httpStatus: 429,
		requestId: expect.any(String),
		attempts: 1,
		retryable: false,
	},
});
const REFUSED_ITEM = refusedItem({ imageUrl: BAD });
const NOT_SENT_ITEM = {
	error: 'The image URL is not a valid http or https URL',
	details: {
		input: { imageUrl: 'no URL' },
		description: expect.stringMatching(/^Enter a URL/),
		serviceCode: null,
		httpStatus: null,
		requestId: null,
		attempts: 0,
		retryable: false,
	},
};

const portrait = async () => ({ data: await stage.engine.binary(sampleBytes('portrait.jpg'), 'portrait.jpg', 'image/jpeg') });

describe('an item that failed', () => {
	let items: INodeExecutionData[];
	beforeEach(async () => {
		stage.gateway.control({ faults: [refused()] });
		items = [
			urlItem(GOOD),
			{ ...urlItem(BAD, { keep: 'me' }), binary: await portrait() },
			urlItem('no URL', { keep: 'too' }),
			urlItem(GOOD),
		];
	});

	it('stops the workflow with its error, its cause and its remedy', async () => {
		const { status, error, outputs } = await stage.recognize(items.slice(0, 2));
		expect(status).toBe('error');
		expect(outputs).toEqual([]);
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: REFUSED,
			httpCode: '429',
			context: { itemIndex: 1 },
		});
		expect(error!.description).toMatch(/^Buy or renew .*"pack used up" \(service code 1102, request ID [\w-]+\)$/);
	});

	it('leaves by the regular output with nothing but the error in its JSON', async () => {
		const run = await stage.recognize(items, {}, { onError: 'continueRegularOutput' });
		expect(run.status).toBe('success');
		expect(run.outputs).toHaveLength(1);
		const [out] = run.outputs;
		expect(originsOf(out!)).toEqual([0, 1, 2, 3]);
		expect(out![1]!.json).toStrictEqual(REFUSED_ITEM);
		expect(out![2]!.json).toStrictEqual(NOT_SENT_ITEM);
		expect(out![1]!.binary).toEqual(items[1]!.binary);
		expect(out![2]).not.toHaveProperty('binary');
		expect([out![0]!.json.hasFace, out![3]!.json.hasFace]).toEqual([true, true]);
		expect(Object.keys(out![1]!).sort()).toEqual(['binary', 'json', 'pairedItem']);
	});

	it('leaves by the error output with the input merged in by n8n', async () => {
		const run = await stage.recognize(items, {}, { onError: 'continueErrorOutput' });
		expect(run.status).toBe('success');
		expect(run.outputs).toHaveLength(2);
		const [good, bad] = run.outputs;
		expect(originsOf(good!)).toEqual([0, 3]);
		expect(originsOf(bad!)).toEqual([1, 2]);
		expect(bad!.map(({ json }) => json)).toStrictEqual([
			{ url: BAD, keep: 'me', ...REFUSED_ITEM },
			{ url: 'no URL', keep: 'too', ...NOT_SENT_ITEM },
		]);
		expect(bad![0]!.binary).toEqual(items[1]!.binary);
		expect(bad![1]!.binary).toBeUndefined();
	});

	it.each<[string, IDataObject, number]>([
		['None', { branchBy: 'segment' }, 5],
		['No Match', { branchBy: 'requirement' }, 2],
	])('leaves a node that branches by %s', async (_name, parameters, count) => {
		const run = await stage.recognize(items, parameters, { onError: 'continueRegularOutput' });
		expect(run.outputs).toHaveLength(count);
		expect(run.outputs.at(-1)!.map(({ json }) => json)).toStrictEqual([REFUSED_ITEM, NOT_SENT_ITEM]);
		expect(
			run.outputs
				.slice(0, -1)
				.flat()
				.every(({ json }) => json.hasFace),
		).toBe(true);
	});

	it.each<[string, IDataObject, number]>([
		['segments', { branchBy: 'segment' }, 5],
		['a requirement', { branchBy: 'requirement' }, 2],
	])('leaves a node that branches by %s by the error output where there is one', async (_name, parameters, errorOutput) => {
		const run = await stage.recognize(items, parameters, { onError: 'continueErrorOutput' });
		expect(originsOf(run.outputs[errorOutput]!)).toEqual([1, 2]);
		expect(run.outputs[errorOutput]![0]!.json).toStrictEqual({ url: BAD, keep: 'me', ...REFUSED_ITEM });
		expect(originsOf(run.outputs[errorOutput - 1]!)).toEqual([]);
	});

	it('a video leaves by No Face', async () => {
		stage.gateway.control({ faults: [refused('/n/bad')] });
		const videos = [urlItem(videoUrl('bad', '0-5000')), urlItem(videoUrl('good', '0-5000'))];
		const run = await stage.identify(videos, { branchBy: 'faceCount' }, { onError: 'continueRegularOutput' });
		expect(run.outputs.map((items) => items.length)).toEqual([1, 0, 1]);
		expect(run.outputs[2]![0]!.json).toStrictEqual(refusedItem({ videoUrl: videoUrl('bad', '0-5000') }));
	});

	it('with Include Input Fields still has nothing else in its JSON', async () => {
		const run = await stage.recognize(items, { options: { includeInputFields: true } }, { onError: 'continueRegularOutput' });
		expect(run.outputs[0]![1]!.json).toStrictEqual(REFUSED_ITEM);
	});
});

it('a wrong setting for all items is said once where errors stop the workflow', async () => {
	const run = await stage.recognize([urlItem(GOOD), urlItem(GOOD)], { options: { maxConcurrency: 'x' } });
	expect(run.error).toMatchObject({ name: 'NodeOperationError', context: { itemIndex: 0 } });
	expect(run.error!.message).toContain('Max Concurrent Requests is not a positive number');
	expect(run.outputs).toEqual([]);
	expect(stage.gateway.requests).toEqual([]);
});

describe('the answer under details', () => {
	const options = { rawResponse: true };
	const detailsOf = async (fault: Fault, more: IDataObject = {}) => {
		stage.gateway.control({ faults: [fault] });
		const run = await stage.recognize([urlItem(BAD)], { options: { ...options, ...more } }, { onError: 'continueRegularOutput' });
		return run.outputs[0]![0]!.json.details as IDataObject;
	};

	it.each<[string, Fault, unknown]>([
		['a refusal', refused(), { code: 1102, message: 'pack used up', request_id: expect.any(String) }],
		[
			'an answer that was paid and cannot be read',
			{ kind: 'answer', status: 200, body: { code: 0, data: { final_unit_deduction: '1', other: 1 } } },
			{ code: 0, data: { final_unit_deduction: '1', other: 1 } },
		],
	])('%s, whole', async (_name, fault, raw) => {
		expect((await detailsOf(fault)).raw).toEqual(raw);
	});

	it('a page, as text', async () => {
		expect(JSON.stringify((await detailsOf({ kind: 'html', status: 200 })).raw)).toContain('200 from the edge');
	});

	it('without the option, or without an answer, there is none', async () => {
		expect(await detailsOf(refused(), { rawResponse: false })).not.toHaveProperty('raw');
		expect(await detailsOf({ kind: 'resetBefore' }, { maxAttempts: 1 })).not.toHaveProperty('raw');
		const run = await stage.recognize([urlItem('no URL')], { options }, { onError: 'continueRegularOutput' });
		expect(run.outputs[0]![0]!.json).toStrictEqual(NOT_SENT_ITEM);
	});
});

describe('trying again', () => {
	const invalid = (status: number): Fault => ({
		kind: 'gatewayError',
		status,
		error: { message: 'm', type: 'invalid_request', code: 'invalid_request' },
	});
	it.each<[string, Fault]>([
		['HTTP 500', { kind: 'code', status: 500, code: 5000, times: 2 }],
		['HTTP 503 with a page', { kind: 'answer', status: 503, body: '<html>', times: 2 }],
		['HTTP 429', { kind: 'code', status: 429, code: 1302, times: 2 }],
		['a code with HTTP 200', { kind: 'code', status: 200, code: 5002, times: 2 }],
		['a gateway', { kind: 'gatewayError', status: 524, error: { message: 'm' }, times: 2 }],
	])('%s', async (_name, fault) => {
		stage.gateway.control({ faults: [fault] });
		const run = await stage.recognize([urlItem(GOOD)]);
		expect(jsonOf(run)).toMatchObject([[{ hasFace: true }]]);
		expect(stage.gateway.requests).toHaveLength(3);
	});

	it('a broken connection', async () => {
		stage.gateway.control({ faults: [{ kind: 'resetBefore', times: 1 }] });
		const run = await stage.recognize([urlItem(GOOD)]);
		expect(jsonOf(run)).toMatchObject([[{ hasFace: true }]]);
		expect(stage.gateway.requests).toHaveLength(2);
	});

	it('too many at once: a second at least, and the item comes through', async () => {
		stage.gateway.control({ faults: [{ kind: 'code', status: 429, code: 1303, times: 1 }] });
		const run = await stage.recognize([urlItem(GOOD)]);
		expect(jsonOf(run)).toMatchObject([[{ hasFace: true }]]);
		const [first, second] = stage.gateway.requests;
		expect(second!.at - first!.at).toBeGreaterThanOrEqual(995);
	});

	it.each([1, 2, 3])('ends after %i attempts, as the item says', async (maxAttempts) => {
		stage.gateway.control({ faults: [{ kind: 'code', status: 500, code: 5000 }] });
		const run = await stage.recognize([urlItem(GOOD)], { options: { maxAttempts } }, { onError: 'continueRegularOutput' });
		expect(jsonOf(run)).toMatchObject([[{ details: { serviceCode: 5000, attempts: maxAttempts, retryable: true } }]]);
		expect(stage.gateway.requests).toHaveLength(maxAttempts);
	});

	it.each<[name: string, fault: Fault, sent: number]>([
		['HTTP 500', { kind: 'answer', status: 500, body: {} }, 2],
		['HTTP 503', { kind: 'answer', status: 503, body: {} }, 2],
		['HTTP 503 as a page', { kind: 'answer', status: 503, body: '<html>' }, 2],
		['code 5001', { kind: 'code', status: 503, code: 5001 }, 2],
		['a gateway out of reach', { kind: 'gatewayError', status: 502, error: { message: 'm' } }, 2],
		['HTTP 500 that calls the request invalid', invalid(500), 1],
		['HTTP 400 that calls the request invalid', invalid(400), 1],
		['HTTP 408 that calls the request invalid', invalid(408), 2],
		['HTTP 503 that calls the request invalid', invalid(503), 2],
		['HTTP 524 that calls the request invalid', invalid(524), 2],
		[
			'HTTP 503 with a code inside that says never',
			{ kind: 'answer', status: 503, body: { code: 1201, message: 'm', error: { code: 'invalid_request' } } },
			1,
		],
	])('%s: as many requests as Max Attempts says, or the one', async (_name, fault, sent) => {
		stage.gateway.control({ faults: [fault] });
		const run = await stage.recognize([urlItem(GOOD)], { options: { maxAttempts: 2 } }, { onError: 'continueRegularOutput' });
		expect(stage.gateway.requests).toHaveLength(sent);
		expect(jsonOf(run)).toMatchObject([[{ details: { attempts: sent } }]]);
	});

	it('ends after five attempts, where the item does not say', async () => {
		stage.gateway.control({ faults: [{ kind: 'code', status: 500, code: 5000 }] });
		const run = await stage.recognize([urlItem(GOOD)], {}, { onError: 'continueRegularOutput' });
		expect(jsonOf(run)).toMatchObject([[{ details: { attempts: 5 } }]]);
	});

	// Each with an account of its own: what one has learnt of its limit slows the next one down.
	it.each<[name: string, provider: Provider, fault: Fault]>([
		['1302', 'deerApi', { kind: 'code', status: 429, code: 1302 }],
		['1303', 'cometApi', { kind: 'code', status: 429, code: 1303 }],
		['HTTP 429 that says nothing else', 'chainHub', { kind: 'answer', status: 429, body: {} }],
	])('%s is no attempt: the call was never begun', async (_name, provider, fault) => {
		stage.gateway.control({ faults: [{ ...fault, times: 2 } as Fault] });
		const setup = { credential: stage.credential(provider), onError: 'continueRegularOutput' as const };
		const run = await stage.recognize([urlItem(GOOD)], { options: { maxAttempts: 1 } }, setup);
		expect(jsonOf(run)).toMatchObject([[{ hasFace: true }]]);
		expect(stage.gateway.requests).toHaveLength(3);
	});

	it('a wait for longer than there is patience ends what waits at once, and is told', async () => {
		stage.gateway.control({ faults: [{ kind: 'code', status: 429, code: 1303, headers: { 'retry-after': '86400' } }] });
		const setup = { credential: stage.credential('deerApi'), onError: 'continueRegularOutput' as const };
		const items = Array.from({ length: 30 }, (_, index) => urlItem(imageUrl(`w${index}`)));
		const run = await stage.recognize(items, {}, setup);
		const details = run.outputs[0]!.map(({ json }) => json.details as IDataObject);
		expect(details).toHaveLength(30);
		expect(details.map(({ description }) => String(description))).toEqual(
			details.map(() => expect.stringContaining('The provider asks to wait 24 hours before the next call.') as string),
		);
		expect(stage.gateway.requests.length).toBeLessThanOrEqual(10);
		expect(details.filter(({ attempts }) => attempts === 0)).toHaveLength(30 - stage.gateway.requests.length);
	});

	it('a wait that comes with what is never tried again holds nobody', async () => {
		stage.gateway.control({
			latencyMs: 20,
			faults: [{ kind: 'code', status: 429, code: 1102, headers: { 'retry-after': '60' }, match: '/n/bad' }],
		});
		const items = [BAD, ...Array.from({ length: 8 }, (_, index) => imageUrl(`h${index}`, 'face'))].map((url) => urlItem(url));
		const credential = stage.credential('klingChina');
		const setup = { credential, onError: 'continueRegularOutput' as const };
		const run = await stage.recognize(items, { options: { maxConcurrency: 2 } }, setup);
		expect(run.outputs[0]!.map(({ json }) => json.hasFace)).toEqual([undefined, ...Array.from({ length: 8 }, () => true)]);
	});

	it.each([1100, 1101, 1102, 1304])('never after code %i, though its status is 429', async (code) => {
		stage.gateway.control({ faults: [{ kind: 'code', status: 429, code, headers: { 'retry-after': '0' } }] });
		const run = await stage.recognize([urlItem(GOOD)], {}, { onError: 'continueRegularOutput' });
		expect(jsonOf(run)).toMatchObject([[{ details: { serviceCode: code, attempts: 1, retryable: false } }]]);
		expect(stage.gateway.requests).toHaveLength(1);
	});

	it.each<[string, Fault, string]>([
		['a page', { kind: 'html', status: 200 }, 'The answer is a web page, not JSON'],
		['nothing', { kind: 'empty', status: 200 }, 'The answer is empty'],
		['half an answer', { kind: 'truncated' }, 'The answer is not complete JSON'],
		[
			'another answer',
			{ kind: 'answer', status: 200, body: { code: 0, data: { other: 1 } } },
			'The answer contains no recognition result',
		],
		['an endless answer', { kind: 'big', bytes: 3_000_000 }, 'The answer is far larger than any answer of Kling'],
		[
			'a redirect',
			{ kind: 'redirect', status: 302, location: 'https://results.kling-samples.test/x' },
			'The provider redirects the call to results.kling-samples.test',
		],
	])('never after %s', async (_name, fault, message) => {
		stage.gateway.control({ faults: [fault] });
		const run = await stage.recognize([urlItem(GOOD)]);
		expect(run.error!.message).toBe(message);
		expect(stage.gateway.requests).toHaveLength(1);
		expect(stage.gateway.downloads).toEqual([]);
	});

	it('a good answer with the wrong content type is a good answer', async () => {
		stage.gateway.control({ faults: [{ kind: 'wrongContentType' }] });
		expect(jsonOf(await stage.recognize([urlItem(GOOD)]))).toMatchObject([[{ hasFace: true }]]);
	});

	it('a 401 is one call, not two', async () => {
		const credential = { ...stage.credential('klingGlobal'), apiKey: 'wrong' };
		const run = await stage.recognize([urlItem(GOOD)], {}, { credential });
		expect(run.error!.message).toBe('Kling does not know this credential');
		expect(stage.gateway.requests).toHaveLength(1);
	});

	it('an attempt ends at its timeout, wherever it hangs', async () => {
		stage.gateway.control({
			faults: [
				{ kind: 'hang', times: 1 },
				{ kind: 'hang', afterHeaders: true, times: 1 },
			],
		});
		const run = await stage.recognize([urlItem(GOOD)], { options: { timeout: 0.3, maxAttempts: 2 } });
		expect(run.error!.message).toBe('The provider did not answer within 0.3 seconds');
		expect(run.error!.context).toMatchObject({ details: { attempts: 2, retryable: true, httpStatus: null } });
	});
});

describe('stop on error', () => {
	it('sends nothing more after the failure, and reports it', async () => {
		stage.gateway.control({ faults: [refused()], latencyMs: 20 });
		const items = [BAD, ...Array.from({ length: 30 }, (_, index) => imageUrl(`x${index}`))].map((url) => urlItem(url));
		const run = await stage.recognize(items, { options: { maxConcurrency: 2 } });
		expect(run.error).toMatchObject({ message: REFUSED, context: { itemIndex: 0 } });
		expect(stage.gateway.requests).toHaveLength(2);
	});

	it('of two that fail, the one is reported that failed first and stopped the others', async () => {
		stage.gateway.control({ faults: [{ kind: 'delay', ms: 100, match: '/n/slow' }, refused()] });
		const slow = 'https://images.kling-samples.test/samples/small-200.png?/n/slow';
		const run = await stage.recognize([urlItem(slow), urlItem(BAD), urlItem(GOOD)]);
		expect(run.error).toMatchObject({ message: REFUSED, context: { itemIndex: 1 } });
		expect(run.error!.description).toContain('Buy or renew');
	});

	const others = (count: number) => Array.from({ length: count }, (_, index) => urlItem(imageUrl(`x${index}`)));
	/** For ever at it: an error of theirs would be one of a call that was interrupted. */
	const again = (fault: Fault): Fault => ({ ...fault, match: '/n/x' });

	it('not an answer that would have been tried again: an empty URL among items that are one too many', async () => {
		stage.gateway.control({ faults: [again({ kind: 'code', status: 429, code: 1303, times: 9 })] });
		const credential = stage.credential('custom');
		const run = await stage.recognize([...others(11), urlItem(' ')], { options: { maxConcurrency: 20 } }, { credential });
		expect(run.error).toMatchObject({
			name: 'NodeOperationError',
			message: 'The image URL is empty',
			context: { itemIndex: 11 },
		});
		expect(run.error!.description).toMatch(/^\w.*URL/);
		expect(run.error!.description).not.toContain('service code');
	});

	it('not an answer that would have been tried again: a refused picture among items that got HTTP 502', async () => {
		stage.gateway.control({
			faults: [
				{ kind: 'code', status: 400, code: 1301, message: 'as worded', match: '/n/bad' },
				again({ kind: 'html', status: 502 }),
			],
		});
		const run = await stage.recognize([...others(2), urlItem(BAD), ...others(6).slice(2)]);
		expect(run.error).toMatchObject({
			message: "The input violates the platform's content security policy",
			context: { itemIndex: 2 },
		});
		expect(run.error!.description).toContain('as worded');
	});

	it('a time-out that stops the batch is itself, not the calls that it interrupted', async () => {
		stage.gateway.control({ faults: [{ kind: 'hang', match: '/n/bad' }, { kind: 'hang' }] });
		const more = { timeout: '={{ $json.url.includes("bad") ? 0.3 : 1 }}', maxAttempts: 1 };
		const run = await stage.recognize([...others(2), urlItem(BAD)], { options: more });
		expect(run.error).toMatchObject({ message: 'The provider did not answer within 0.3 seconds', context: { itemIndex: 2 } });
	});
});

it('the order of the output is the order of the input, whatever comes back first', async () => {
	const items = Array.from({ length: 12 }, (_, index) => urlItem(imageUrl(`o${index}`, 'face')));
	stage.gateway.control({
		latencyMs: [1, 60],
		faults: [refused('/n/o3'), { kind: 'code', status: 500, code: 5000, match: '/n/o1', times: 1 }],
	});
	const run = await stage.recognize(items, {}, { onError: 'continueRegularOutput' });
	expect(originsOf(run.outputs[0]!)).toEqual(items.map((_, index) => index));
	expect(run.outputs[0]!.map(({ json }) => 'error' in json)).toEqual(items.map((_, index) => index === 3));
});
