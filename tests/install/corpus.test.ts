import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWorkspace } from '@stowage/core';
import { afterAll, expect, it } from 'vitest';
import { type CorpusCase, judgeApp, packApp, readCases } from '../../bench/corpus/cases.ts';
import { adapterOf, adapters } from '../../packages/core/src/package-managers/list.ts';
import { judge } from '../kit/judge.ts';
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

/** Lines that go where nothing is left out: entries that nothing in the repository leads to, which its manager left behind. */
const leftOver: Readonly<Record<string, number>> = { langfuse: 49, apitable: 412, documenso: 53, bruno: 29, evershop: 126, typebot: 2 };

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

  it.concurrent.each(cases)('$id pruned to everything loses what is left over, and nothing else', async (corpusCase) => {
    const { id, packageManager, node, installFlags, controlStrict } = corpusCase;
    const whole = join(corpus, id);
    const { importers, lockfile, ...workspace } = await readWorkspace(whole);
    const adapter = adapterOf(workspace.packageManager.id);
    const scope = { mode: 'deps', importers } as const;
    const pruned = adapter
      .prune({ ...workspace, lockfile: lockfile.parsed, workspace: importers, scope })
      .files.find(({ path }) => path === lockfile.path);
    const text = pruned !== undefined && 'text' in pruned ? pruned.text : '';
    const known = new Set(lockfile.text.split('\n'));
    expect(text.split('\n').filter((line) => !known.has(line))).toEqual([]);
    expect(lockfile.text.split('\n').length - text.split('\n').length).toBe(leftOver[id] ?? 0);
    if (leftOver[id] === undefined) return expect(text === lockfile.text).toBe(true);
    const copy = join(folder, `${id}-whole`);
    cpSync(whole, copy, { recursive: true });
    writeFileSync(join(copy, lockfile.path), text);
    const options = { mode: 'lock', node, packageManager: `${packageManager.id}@${packageManager.version}`, flags: installFlags } as const;
    const verdict = await judge(copy, { ...options, base: controlStrict === undefined ? undefined : whole });
    expect(`${verdict.outcome}: ${verdict.reason}`).toMatch(/^pass/);
  });
});
