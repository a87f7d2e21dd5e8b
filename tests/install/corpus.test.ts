import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type CorpusCase, judgeApp, packApp, readCases } from '../../bench/corpus/cases.ts';
import { adapters } from '../../packages/core/src/package-managers/list.ts';
import { describeWith } from '../kit/requirements.ts';

const corpus = process.env.STOWAGE_CORPUS ?? '';
/** One app of each package manager, the quick ones: `bench/corpus/run.ts` judges all of them so. */
const strictly = new Set([
  'dub web',
  'apitable @apitable/room-server',
  'evershop @evershop/evershop',
  'hedgedoc @hedgedoc/backend',
  'onlook @onlook/web-server',
]);

describeWith(['corpus', 'judge'], 'the corpus of real monorepos', () => {
  const known = new Set<string>(adapters.map(({ id }) => id));
  // Where there is no corpus, vitest calls this all the same to see what it skips.
  const cases = (existsSync(corpus) ? readCases(corpus) : []).filter(({ control, lockfile }) => control === 'pass' && known.has(lockfile.format));
  const folder = mkdtempSync(join(tmpdir(), 'stowage-corpus-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const apps = cases.flatMap((corpusCase) =>
    corpusCase.apps.map((app): [string, CorpusCase, string] => [`${corpusCase.id} ${app}`, corpusCase, app]),
  );
  it.concurrent.each(apps)('%s is accepted as frozen, in deps and prod', async (name, corpusCase, app) => {
    const target = join(folder, corpusCase.id, app.replace('/', '+'));
    await packApp(corpus, corpusCase, app, target);
    const { deps, prod } = await judgeApp(corpus, corpusCase, target, strictly.has(name) ? 'strict' : 'lock');
    expect({ deps: `${deps.outcome}: ${deps.reason}`, prod: `${prod.outcome}: ${prod.reason}` }).toEqual({
      deps: expect.stringMatching(/^pass/),
      prod: expect.stringMatching(/^pass/),
    });
  });
});
