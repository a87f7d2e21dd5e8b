import { type PackPlan, pack, readWorkspaceAt, type Workspace } from '@stowage/core';
import { filesAt } from './history.ts';
import { isInstallInput, keyOf } from './keys.ts';
import { needed } from './oracle.ts';
import type { TurboKeys } from './turbo.ts';

/** An app's install at one commit, by each way to tell when it changed. */
export interface Moment {
  /** Stowage's identity, and what it is made of. */
  readonly deps: string;
  readonly files: ReadonlyMap<string, string>;
  readonly stages: readonly string[];
  /** What the install truly needs. */
  readonly needed: ReadonlyMap<string, string>;
  /** Every manifest and the whole lockfile. */
  readonly manifestsFirst: string;
  readonly turbo?: string;
}

/** The moments of several apps at one commit; a text instead where an app cannot be packed. */
export async function momentsAt(
  repository: string,
  commit: string,
  apps: readonly string[],
  turbo?: TurboKeys,
): Promise<Map<string, Moment | string>> {
  const moments = new Map<string, Moment | string>();
  const manifestsFirst = keyOf(filesAt(repository, commit).filter(isInstallInput));
  const workspace = await readWorkspaceAt(repository, commit).catch((error: unknown) => String(error));
  for (const app of apps) {
    try {
      if (typeof workspace === 'string') throw workspace;
      const named = workspace.importers.find(({ id, name }) => name === app && id !== '.');
      const plan = await pack(workspace, named?.id ?? app, { imports: false });
      const asked = turbo === undefined ? {} : { turbo: turbo.of(commit, app) };
      moments.set(app, { ...depsOf(plan, workspace), needed: neededIn(plan, workspace), manifestsFirst, ...asked });
    } catch (error) {
      moments.set(app, String(error));
    }
  }
  return moments;
}

function depsOf({ files, stages, identities }: PackPlan, workspace: Workspace): Pick<Moment, 'deps' | 'files' | 'stages'> {
  const deps = files.filter(({ path }) => path.startsWith('deps/'));
  return {
    deps: identities.deps,
    files: new Map(deps.map((file) => [file.path.slice('deps/'.length), 'text' in file ? file.text : workspace.files.blobId(file.copyFrom)])),
    stages: stages
      .filter(({ name }) => ['base', 'deps'].includes(name))
      .flatMap(({ name, from, instructions }) => [`FROM ${from} AS ${name}`, ...instructions]),
  };
}

function neededIn(plan: PackPlan, { importers, lockfile }: Workspace): Map<string, string> {
  return needed(plan.app.id, new Map(importers.map(({ id, manifest }) => [id, manifest])), lockfile);
}
