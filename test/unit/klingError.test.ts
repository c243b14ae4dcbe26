import { KlingError, refusal, asKlingError } from '../../nodes/shared/kling/klingError';
import { REFUSED_HERE } from './helpers';

const PLAIN = {
	effect: 'unclear',
	congestion: false,
	notBegun: false,
	retryAfterMs: null,
	minimumWaitMs: 0,
	said: '',
	showsRaw: false,
};

it('a refusal was never sent', () => {
	const error = refusal('what is wrong', 'what to do');
	expect(error).toBeInstanceOf(Error);
	expect(error).toMatchObject({ name: 'KlingError', message: 'what is wrong' });
	expect(error.details).toEqual({ ...REFUSED_HERE, description: 'what to do' });
	expect(error.handling).toEqual({ ...PLAIN, effect: 'unsent', retryable: false });
	expect(error.raw).toBeUndefined();
});

it('the number of attempts is put in, everything else stays', () => {
	const details = { ...REFUSED_HERE, description: 'd', httpStatus: 500, attempts: 1, retryable: true };
	const handling = { congestion: true, notBegun: true, retryAfterMs: 5, minimumWaitMs: 6 };
	const error = new KlingError('m', details, handling, () => 'the answer');
	expect(error.afterAttempts(3)).toMatchObject({ message: 'm', details: { ...details, attempts: 3 }, handling });
	expect(error.afterAttempts(3).raw).toBe('the answer');
	expect(error.details.attempts).toBe(1);
});

it.each([
	['an error of n8n', Object.assign(new Error('m'), { description: 'what to do', context: { secret: 1 } }), 'm', 'what to do'],
	['an error without a description', new Error('m'), 'm', 'Check the parameters'],
	['an error without words', new Error(''), 'The item could not be processed', 'Check the parameters'],
	['a text', 'thrown', 'The item could not be processed', 'Check the parameters'],
	['null', null, 'The item could not be processed', 'Check the parameters'],
	['an object with other types', { message: 1, description: {} }, 'The item could not be processed', 'Check the parameters'],
])('%s becomes a typed failure', (_name, thrown, message, description) => {
	const error = asKlingError(thrown);
	expect(error.message).toBe(message);
	expect(error.details).toEqual({ ...REFUSED_HERE, description: expect.stringContaining(description) });
	expect(JSON.stringify(error)).not.toContain('secret');
});
