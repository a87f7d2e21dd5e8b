import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWorkspace } from '@stowage/core';
import { expect, it } from 'vitest';
import { readCases } from '../../bench/corpus/cases.ts';
import type { Importer, Workspace } from '../../packages/core/src/model.ts';
import { npm } from '../../packages/core/src/package-managers/npm/adapter.ts';
import { lockfileOf } from '../kit/lockfile.ts';
import { describeWith } from '../kit/requirements.ts';

const corpus = process.env.STOWAGE_CORPUS ?? '';

describeWith(['corpus'], 'lockfiles that npm wrote for real monorepos', () => {
  const cases = (corpus === '' ? [] : readCases(corpus)).filter(({ lockfile }) => lockfile.format === 'npm').map(({ id }) => id);

  it.each(cases)('%s: keeping everything changes nothing but what npm itself calls left over', async (id) => {
    const workspace = await readWorkspace(join(corpus, id));
    expect(pruneTo(workspace, workspace.importers).text).toBe(
      withoutLeftOvers(readFileSync(join(corpus, id, 'package-lock.json'), 'utf8'), workspace),
    );
  });

  it.each(cases)('%s: pruning what was pruned changes no byte', async (id) => {
    const workspace = await readWorkspace(join(corpus, id));
    for (const importer of workspace.importers.slice(1)) {
      const once = pruneTo(workspace, keptWith(workspace, importer));
      const pruned = { ...workspace, importers: once.importers, lockfile: lockfileOf(npm, { path: 'package-lock.json', text: once.text }) };
      expect(pruneTo(pruned, once.importers).text, importer.id).toBe(once.text);
    }
  });

  it.each(cases)('%s: every entry that stays is one of the original, but for its flags', async (id) => {
    const workspace = await readWorkspace(join(corpus, id));
    const original = npm.parse(workspace.lockfile).entries;
    for (const importer of workspace.importers.slice(1)) {
      const pruned = npm.parse({ path: 'package-lock.json', text: pruneTo(workspace, keptWith(workspace, importer)).text }).entries;
      for (const [location, entry] of pruned)
        if (location.includes('node_modules/')) expect(unflagged(entry)).toEqual(unflagged(original.get(location)));
    }
  });
});

function pruneTo(workspace: Workspace, importers: readonly Importer[]): { text: string; importers: readonly Importer[] } {
  const { packageManager, files } = workspace;
  const input = { packageManager, files, lockfile: npm.parse(workspace.lockfile), workspace: workspace.importers };
  const install = npm.prune({ ...input, scope: { mode: 'deps', importers } });
  const lockfile = install.files.find(({ path }) => path === 'package-lock.json');
  return { text: lockfile !== undefined && 'text' in lockfile ? lockfile.text : '', importers: install.importers };
}

/** An importer with all that it leads to, and the root without its dependencies on others. */
function keptWith(workspace: Workspace, importer: Importer): readonly Importer[] {
  const lockfile = npm.parse(workspace.lockfile);
  const linked = (of: Importer) =>
    npm
      .edges(lockfile, of, workspace.importers, workspace.files)
      .flatMap((edge) => ('importer' in edge.target ? [{ ...edge, to: edge.target.importer }] : []));
  const ids = new Set(['.', importer.id]);
  for (const id of ids) if (id !== '.') for (const { to } of linked(workspace.importers.find((other) => other.id === id) as Importer)) ids.add(to);
  return workspace.importers
    .filter(({ id }) => ids.has(id))
    .map((kept) => {
      const outside = new Set(linked(kept).flatMap(({ alias, to }) => (ids.has(to) ? [] : [alias])));
      const maps = (['dependencies', 'devDependencies'] as const).flatMap((map) => {
        const inside = Object.entries(kept.manifest[map] ?? {}).filter(([name]) => !outside.has(name));
        return kept.manifest[map] === undefined ? [] : [[map, Object.fromEntries(inside)] as const];
      });
      return { ...kept, manifest: { ...kept.manifest, ...Object.fromEntries(maps) } };
    });
}

/** The text without entries that npm calls extraneous, and those of folders that are not in the repository. */
function withoutLeftOvers(text: string, { importers }: Workspace): string {
  const lockfile = JSON.parse(text) as { packages: Record<string, { extraneous?: boolean; link?: boolean; resolved?: string }> };
  const ids = new Set(importers.map(({ id }) => id));
  for (const [location, { extraneous, link, resolved = '' }] of Object.entries(lockfile.packages)) {
    const folder = link === true ? resolved : location;
    if (extraneous === true || (!folder.includes('node_modules') && folder !== '' && !ids.has(folder))) delete lockfile.packages[location];
  }
  return `${JSON.stringify(lockfile, null, 2)}\n`;
}

function unflagged(entry: Readonly<Record<string, unknown>> | undefined): unknown {
  const flags = new Set(['dev', 'optional', 'devOptional', 'peer', 'extraneous']);
  return Object.entries(entry ?? {}).filter(([key]) => !flags.has(key));
}
