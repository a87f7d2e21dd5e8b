import { posix } from 'node:path';
import { type AppListing, type Importer, packageImporter, parseManifest, projectImporter, recognise } from '@stowage/core/recognise';
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
  const packageAt = (id: string): Importer | undefined => {
    const path = posix.join(id, 'package.json');
    return attempt(() => packageImporter(id, parseManifest(path, files.read(path) ?? '')));
  };
  const foldersOf = (name: string): string[] => candidates.filter((file) => posix.basename(file) === name).map((file) => posix.dirname(file));
  const root = packageAt('.');
  if (root === undefined) return [];
  const isMember = attempt(() => memberTest(root.manifest, files)) ?? (() => false);
  const packages = [root, ...foldersOf('package.json').flatMap((id) => (id !== '.' && isMember(id) ? (packageAt(id) ?? []) : []))];
  const ids = new Set(packages.map(({ id }) => id));
  const projects = foldersOf('project.json').flatMap((id) =>
    ids.has(id) ? [] : (attempt(() => projectImporter(id, files.read(posix.join(id, 'project.json')) ?? '')) ?? []),
  );
  const workspace = { importers: [...packages, ...projects], files };
  return workspace.importers.flatMap((importer) => {
    // one with a wrong config keeps its targets, which tell what is wrong
    const app = attempt(() => recognise(workspace, importer)) ?? attempt(() => recognise(workspace, importer, {}));
    return app === undefined ? [] : [{ file: posix.join(importer.id, importer.derived ? 'project.json' : 'package.json'), app }];
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
