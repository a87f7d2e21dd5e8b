import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCases } from '../../bench/corpus/cases.ts';
import type { Workspace } from '../../packages/core/src/model.ts';
import { pnpm } from '../../packages/core/src/package-managers/pnpm/adapter.ts';
import { readWorkspace } from '../../packages/core/src/read/workspace.ts';
import { pnpmWorkspace, pruneTo } from '../kit/pnpm.ts';
import { describeWith } from '../kit/requirements.ts';

const corpus = process.env.STOWAGE_CORPUS ?? '';

describeWith(['corpus'], "pnpm's lockfiles of real monorepos", () => {
  const cases = (existsSync(corpus) ? readCases(corpus) : []).filter(({ lockfile }) => lockfile.format === 'pnpm');
  const apps = cases.flatMap(({ id, apps }) => apps.map((app): [string, string] => [id, app]));

  it.each(cases.map((corpusCase) => [corpusCase.id, corpusCase] as const))(
    '%s pruned to everything is the same text but for idle overrides',
    async (id, { controlStrict }) => {
      const workspace = await readWorkspace(join(corpus, id));
      const prune = (text: string): string => lockfileOf(pruneToEverything({ ...workspace, lockfile: { ...workspace.lockfile, text } }));
      const once = prune(workspace.lockfile.text);
      // Overrides that nothing meets go, and what the repository's own lockfile has left over.
      const kept = new Set(once.split('\n'));
      const withoutOverrides = workspace.lockfile.text.replace(/(?<=\noverrides:\n)(?: {2}.*\n)+/, (lines) =>
        lines.replace(/.*\n/g, (line) => (kept.has(line.trimEnd()) ? line : '')),
      );
      if (controlStrict === undefined) expect(once === withoutOverrides).toBe(true);
      expect(prune(once) === once).toBe(true);
    },
  );

  it.each(apps)('%s pruned to %s has only lines of the original, and stays so when pruned again', async (id, name) => {
    const workspace = await readWorkspace(join(corpus, id));
    const app = workspace.importers.find((importer) => importer.id !== '.' && importer.name === name)?.id ?? '.';
    const original = new Set(workspace.lockfile.text.split('\n'));
    for (const mode of ['deps', 'prod'] as const) {
      const { files, lockfile } = await pruneTo(workspace, app, mode);
      const added = lockfile.split('\n').filter((line) => !original.has(line) && !/^ {4}(?:dev|optional): (?:true|false)$/.test(line));
      expect(added.filter((line) => !original.has(line.replace(/ \{\}$/, '')))).toEqual([]);
      const again = await pruneTo(pnpmWorkspace(files, workspace.packageManager.version), app, mode);
      expect(again.lockfile === lockfile, mode).toBe(true);
      expect(again.files['pnpm-workspace.yaml'], mode).toBe(files['pnpm-workspace.yaml']);
      expect(again.files['package.json'], mode).toBe(files['package.json']);
    }
  });
});

function pruneToEverything(workspace: Workspace) {
  const { importers, packageManager, files, lockfile } = workspace;
  return pnpm.prune({ lockfile: pnpm.parse(lockfile), packageManager, files, workspace: importers, scope: { mode: 'deps', importers } });
}

function lockfileOf({ files }: ReturnType<typeof pruneToEverything>): string {
  const file = files.find(({ path }) => path === 'pnpm-lock.yaml');
  return file && 'text' in file ? file.text : '';
}
