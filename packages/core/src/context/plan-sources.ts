import { posix } from 'node:path';
import { ErrorCode, StowageError } from '../errors.ts';
import type { Diagnostic, FileEntry, Files, Importer, Manifest, PlannedFile } from '../model.ts';
import { sortedBy } from '../order.ts';
import { sanitizeNpmrc } from '../package-managers/npmrc.ts';
import { isFolder, joinPath, parentOf } from '../paths.ts';
import { isEnvFile, mayEnterContext } from './env-files.ts';
import { printManifest } from './mask-manifest.ts';

export interface SourcePlan {
  /** Paths relative to the workspace root, sorted. */
  readonly files: readonly PlannedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The closure's sources and the root files that builds read, over an installed tree.
 * @throws StowageError LinkLeavesClosure for a link to a file of the repository that the context has not
 */
export function planSources(input: {
  readonly app: Importer;
  readonly members: readonly (readonly FileEntry[])[];
  readonly rootFiles: readonly FileEntry[];
  /** The root manifest for builds: scripts and tool settings kept, dependencies as installed. */
  readonly rootManifest: Manifest;
  /** Files that builds see otherwise than the repository has them. */
  readonly made: readonly PlannedFile[];
  /** What the install has put there already. */
  readonly installed: readonly PlannedFile[];
  readonly files: Files;
}): SourcePlan {
  const { files, app } = input;
  const installed = new Set(input.installed.filter((file) => !('text' in file) || !file.path.endsWith('/package.json')).map(({ path }) => path));
  const stubs = new Set(input.installed.flatMap((file) => ('text' in file && file.mode === '100755' ? [file.path] : [])));
  const diagnostics: Diagnostic[] = [];
  const planned = new Map<string, PlannedFile>();
  for (const file of [...input.members.flat(), ...input.rootFiles]) {
    if (planned.has(file.path) || (installed.has(file.path) && !stubs.has(file.path)) || isOfNoBuild(file.path, app)) continue;
    if (isEnvFile(file.path) && !mayEnterContext(file, diagnostics)) continue;
    planned.set(file.path, plan(file, files, diagnostics));
  }
  for (const file of input.made) planned.set(file.path, file);
  planned.set('package.json', { path: 'package.json', mode: '100644', text: printManifest(input.rootManifest) });
  diagnostics.push(...checkLinks([...planned.values()], new Set([...planned.keys(), ...installed]), files));
  return { files: sortedBy(planned.values(), ({ path }) => path), diagnostics };
}

function plan(file: FileEntry, files: Files, diagnostics: Diagnostic[]): PlannedFile {
  if (posix.basename(file.path) !== '.npmrc') return { path: file.path, mode: file.mode, copyFrom: file.path };
  const text = files.read(file.path) ?? '';
  const sanitized = sanitizeNpmrc({ path: file.path, text });
  diagnostics.push(...sanitized.diagnostics);
  return { path: file.path, mode: file.mode, text: sanitized.text };
}

/** Files beside the app that only describe how it is packed or checked: a build reads none of them. */
function isOfNoBuild(path: string, app: Importer): boolean {
  const own = app.id === '.' ? path : path.startsWith(`${app.id}/`) ? path.slice(app.id.length + 1) : undefined;
  if (own === undefined) return false;
  return (
    /^(Dockerfile([.-].*)?|[^/]*\.Dockerfile|.*\.?dockerignore|stowage\.jsonc?|stowage\.config\.ts|stowage\.pins\.json)$/.test(own) ||
    (app.id === '.' && /^\.(github|gitlab|husky|vscode|idea)\//.test(own))
  );
}

/** A link stays a link; it must lead to a file of the context. One that leads to nothing is told: the install or the build may make its target. */
function checkLinks(planned: readonly PlannedFile[], present: ReadonlySet<string>, files: Files): Diagnostic[] {
  const links = planned.filter(({ mode }) => mode === '120000');
  if (links.length === 0) return [];
  const dangling: Diagnostic[] = [];
  const reachable = withFolders(present);
  for (const { path } of links) {
    const target = Buffer.from(files.readBytes(path) ?? []).toString('utf8');
    const resolved = joinPath(parentOf(path), target);
    const outside = posix.isAbsolute(target) || resolved === undefined;
    if (!outside && reachable.has(resolved)) continue;
    if (!outside && files.get(resolved) === undefined && !isFolder(files, resolved)) {
      if (!/(?:^|\/)node_modules(?:\/|$)/.test(resolved)) dangling.push(danglingLink(path, target));
      continue;
    }
    throw new StowageError(
      ErrorCode.LinkLeavesClosure,
      `The link ${path} leads to ${target}, which is ${outside ? 'outside the workspace' : "outside the app's closure"}.`,
      {
        where: { file: path },
        hint: outside ? 'Replace the link by the file itself.' : `Add "${resolved}" to "include" in the config, or remove the link.`,
      },
    );
  }
  return dangling;
}

function danglingLink(path: string, target: string): Diagnostic {
  return {
    level: 'info',
    code: 'dangling-link',
    message: `The link ${path} leads to ${target}, which is not there unless a build makes it.`,
    file: path,
  };
}

/** Paths with all folders above them. */
function withFolders(paths: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(paths);
  for (const path of paths) for (let folder = parentOf(path); !all.has(folder); folder = parentOf(folder)) all.add(folder);
  return all;
}
