import { posix } from 'node:path';
import { type AppListing, type Files, type Importer, recognise } from '@stowage/core/recognise';
import { DiskFiles } from './disk-files.ts';
import { memberTest } from './member-globs.ts';

/** A project that is an app, and the file that makes it a project. */
export interface AppProject {
  readonly file: string;
  readonly app: AppListing;
}

/** The apps among the projects that these files (`package.json`, `project.json`) belong to; what cannot be read is passed over. */
export function findProjects(workspaceRoot: string, candidates: readonly string[]): AppProject[] {
  const files = new DiskFiles(workspaceRoot);
  const root = importerOf('package.json', files);
  if (root === undefined) return [];
  const isMember = attempt(() => memberTest(root.manifest, files)) ?? (() => false);
  const importers = candidates
    .filter((file) => posix.basename(file) === 'package.json' && file !== 'package.json' && isMember(posix.dirname(file)))
    .flatMap((file) => importerOf(file, files) ?? []);
  const packages = new Set(['.', ...importers.map(({ id }) => id)]);
  const derived = candidates
    .filter((file) => posix.basename(file) === 'project.json' && !packages.has(posix.dirname(file)))
    .flatMap((file) => derivedOf(file, files) ?? []);
  const workspace = { importers: [root, ...importers, ...derived], files };
  return workspace.importers.flatMap((importer) => {
    const app = attempt(() => recogniseTold(workspace, importer));
    return app === undefined ? [] : [{ file: posix.join(importer.id, importer.derived ? 'project.json' : 'package.json'), app }];
  });
}

/** What a config tells is read when the app is packed; here it is enough that somebody wrote one for this package. */
function recogniseTold(workspace: { importers: readonly Importer[]; files: Files }, importer: Importer): AppListing | undefined {
  const { files } = workspace;
  const found = recognise(workspace, importer);
  if (found !== undefined || (importer.id === '.' && workspace.importers.length > 1)) return found;
  const told = importer.manifest.stowage !== undefined || ['stowage.json', 'stowage.jsonc'].some((name) => files.get(posix.join(importer.id, name)));
  return told ? { id: importer.id, name: importer.name, preset: 'node', reason: 'a config of its own' } : undefined;
}

function importerOf(file: string, files: Files): Importer | undefined {
  return attempt(() => {
    const manifest = JSON.parse((files.read(file) ?? '').replace(/^\uFEFF/, ''));
    const id = posix.dirname(file);
    return { id, name: typeof manifest.name === 'string' && manifest.name !== '' ? manifest.name : id, manifest };
  });
}

/** A project of Nx without a manifest. */
function derivedOf(file: string, files: Files): Importer | undefined {
  return attempt(() => {
    const id = posix.dirname(file);
    const { name = posix.basename(id) } = JSON.parse(files.read(file) ?? '');
    return { id, name, manifest: { name }, derived: true };
  });
}

/** An error here would end every command of Nx; the tools whose file it is tell it better. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
