import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { computeClosure } from '../../packages/core/src/closure/compute-closure.ts';
import { lockedGraph } from '../../packages/core/src/closure/locked-edges.ts';
import { planInstall } from '../../packages/core/src/context/plan-install.ts';
import type { Closure, Importer, Workspace } from '../../packages/core/src/model.ts';
import type { InstallScope, PrunedInstall } from '../../packages/core/src/package-managers/adapter.ts';
import { pnpm } from '../../packages/core/src/package-managers/pnpm/adapter.ts';
import { lockfileOf } from './lockfile.ts';
import { type MemoryFile, memoryFiles } from './memory-files.ts';
import { releasedProgram } from './released-program.ts';

/** A pnpm workspace of these files; every package.json outside `vendor` is an importer. */
export function pnpmWorkspace(record: Readonly<Record<string, MemoryFile>>, version = '10.34.9'): Workspace {
  const files = memoryFiles(record);
  const manifests = files.list.filter(({ path }) => path === 'package.json' || (path.endsWith('/package.json') && !path.startsWith('vendor/')));
  const importers = manifests.map(({ path }): Importer => {
    const id = dirname(path);
    const manifest = JSON.parse(files.read(path) ?? '');
    return { id, name: manifest.name ?? id, manifest };
  });
  return {
    root: '/',
    from: '/',
    packageManager: { id: 'pnpm', version, source: 'packageManager' },
    importers: importers.sort((a, b) => (a.id < b.id ? -1 : 1)),
    lockfile: lockfileOf(pnpm, { path: 'pnpm-lock.yaml', text: files.read('pnpm-lock.yaml') ?? '' }),
    files,
    diagnostics: [],
  } as Workspace;
}

export interface Pruned {
  readonly closure: Closure;
  readonly install: PrunedInstall;
  /** Texts of the planned files by path; of copied ones the path they are copied from. */
  readonly files: Readonly<Record<string, string>>;
  readonly lockfile: string;
}

/** Prunes a workspace to one app as `pack` does. */
export async function pruneTo(workspace: Workspace, app: string, mode: InstallScope['mode']): Promise<Pruned> {
  const graph = lockedGraph(workspace);
  const importer = workspace.importers.find(({ id }) => id === app);
  if (!importer) throw new Error(`no importer ${app}`);
  const closure = await computeClosure({ app: importer, importers: workspace.importers, graph, importEdgesOf: async () => [] });
  const plan = planInstall(mode, workspace, closure, graph);
  const files = Object.fromEntries(plan.files.map((file) => [file.path, 'text' in file ? file.text : file.copyFrom]));
  return { closure, install: plan.pruned, files, lockfile: files['pnpm-lock.yaml'] ?? '' };
}

export interface PnpmResult {
  readonly status: number;
  readonly output: string;
}

/** Runs an exact pnpm in a folder, with a Node that it supports. */
export function runPnpm(version: string, folder: string, ...args: string[]): Promise<PnpmResult> {
  const program = releasedProgram(`pnpm@${version}`) ?? '';
  const node = Number(process.versions.node.split('.')[0]) < 22 ? dirname(releasedProgram('node@22.23.3') ?? '') : dirname(process.execPath);
  const settings = {
    npm_config_manage_package_manager_versions: 'false',
    pnpm_config_pm_on_fail: 'ignore',
    npm_config_update_notifier: 'false',
    CI: '1',
  };
  const env = { ...process.env, ...settings, PATH: `${node}:${process.env.PATH}` };
  return new Promise((resolve) => {
    execFile(program, args, { cwd: folder, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, output: `${stdout}${stderr}` });
    });
  });
}
