import { modelSearches } from '../../nodes/KlingGeneration/operations/modelField';
import { TRY_ON_MODELS, VIDEO_MODELS } from '../../nodes/shared/kling/tasks/models';

const { searchVideoModels, searchTryOnModels } = modelSearches;

it('without words, every current model is listed by what people call it', async () => {
	const { results } = await searchVideoModels();
	expect(results.map(({ value }) => value)).toEqual(VIDEO_MODELS.map(({ name }) => name));
	expect(results).toEqual(
		expect.arrayContaining([
			{ name: 'Kling 3.0 Turbo (API Key)', value: 'kling-3.0-turbo' },
			{ name: 'Kling 3.0 (V3)', value: 'kling-v3' },
		]),
	);
	expect((await searchTryOnModels()).results).toHaveLength(TRY_ON_MODELS.length);
});

it.each([
	['2.6', 'kling-v2-6'],
	['KLING-V3', 'kling-v3'],
])('"%s" finds %s, by label or ID', async (words, name) => {
	expect((await searchVideoModels(words)).results.map(({ value }) => value)).toEqual([name]);
});

it('words that fit none find none', async () => {
	expect((await searchVideoModels('sora')).results).toEqual([]);
});
