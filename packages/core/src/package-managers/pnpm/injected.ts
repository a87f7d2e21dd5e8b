import { importersById } from '../../importers.ts';
import type { Diagnostic, Files, Importer, Manifest, PlannedFile } from '../../model.ts';
import { filesByImporter } from '../../paths.ts';
import { copyOf } from '../planned-files.ts';
import type { PnpmLockfile } from './lockfile.ts';
import type { ReachedPackages } from './reach.ts';

/** Importers of which dependents get copies (`dependenciesMeta.*.injected`, `injectWorkspacePackages`), sorted. */
export function injectedFolders(packages: ReachedPackages, importers: ReadonlySet<string>): string[] {
  const folders = new Set<string>();
  for (const { folder } of packages.keys()) {
    if (folder !== undefined && importers.has(folder)) folders.add(folder);
  }
  return [...folders].sort();
}

/**
 * A masked importer with what a program that loads its copy reads: all fields but scripts and dependencies, which are those of the install.
 * pnpm 7 writes its version into the lockfile.
 */
export function withOwnFields(importer: Importer, workspace: readonly Importer[]): Importer {
  const own = importersById(workspace).get(importer.id)?.manifest ?? {};
  const read = Object.entries(own).filter(([field]) => field !== 'scripts' && field !== 'pnpm' && !/dependencies(Meta)?$/i.test(field));
  return { ...importer, manifest: { ...importer.manifest, ...Object.fromEntries(read) } };
}

/** The sources that the install copies. Its manifest is planned with the others. */
export function planInjected(folders: readonly string[], workspace: readonly Importer[], files: Files): PlannedFile[] {
  if (folders.length === 0) return [];
  const owned = filesByImporter(files, workspace);
  return folders.flatMap((folder) => (owned.get(folder) ?? []).filter(({ path }) => path !== `${folder}/package.json`).map(copyOf));
}

/** What a build makes comes after the install, and so after the copy. */
export function tellInjected(lockfile: PnpmLockfile, injected: readonly string[], workspace: readonly Importer[]): Diagnostic[] {
  return injected
    .filter((folder) => hasBuild(importersById(workspace).get(folder)?.manifest))
    .map((folder) => ({
      level: 'warning',
      code: 'injected-workspace',
      message: `${folder} is injected and has a build: the install gives its dependents a copy of its sources, without what the build makes.`,
      file: lockfile.path,
      hint: 'Set syncInjectedDepsAfterScripts to [build], or link it: remove dependenciesMeta.injected or injectWorkspacePackages and run `pnpm install`.',
    }));
}

function hasBuild(manifest: Manifest | undefined): boolean {
  return manifest?.scripts?.build !== undefined;
}
