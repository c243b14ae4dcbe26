import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Loads modules as the n8n in the folder `KLING_BENCH_HOST` would. */
export const hostRequire = createRequire(join(process.env.KLING_BENCH_HOST ?? '', 'node_modules', 'n8n', 'package.json'));

const urls = new Map(
	['n8n-core', 'n8n-workflow', '@n8n/di'].map((name) => [name, pathToFileURL(hostRequire.resolve(name)).href]),
);

// All contestants run in one engine, the installed n8n's: whoever asks for a part of it gets that one.
registerHooks({ resolve: (specifier, context, next) => next(urls.get(specifier) ?? specifier, context) });
