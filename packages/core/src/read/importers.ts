import { join, posix } from 'node:path';
import { getPackagesSync } from '@manypkg/get-packages';
import { PnpmTool, type Tool, YarnTool } from '@manypkg/tools';
import { ErrorCode, StowageError } from '../errors.ts';
import { packageImporter, parseManifest, projectImporter } from '../importer.ts';
import type { Files, Importer, Manifest, PackageManagerId } from '../model.ts';
import { byCodeUnit } from '../order.ts';
import { readWorkspaceSettings, SETTINGS_FILE } from '../package-managers/pnpm/workspace-settings.ts';
import { inLaidOutFolder } from './lay-out.ts';

/**
 * Every package of the workspace, and every project of Nx that is none; the root first, the others sorted by id. `folder` holds the manifests, which
 * are found by the globs of the workspace; what lies there and is not among `files`, as git ignores it, is none of the workspace.
 * @throws StowageError InvalidManifest, InvalidSettings
 */
export function readImporters(folder: string, packageManager: PackageManagerId, files: Files): Importer[] {
  const rootManifest = readManifest('.', files) ?? {};
  const members = declaresMembers(packageManager, rootManifest, files) ? readMembers(folder, '.', packageManager, files) : [];
  const packages = [packageImporter('.', rootManifest), ...members.filter(({ id }) => id !== '.')];
  const [first, ...others] = [...packages, ...projectsWithoutManifest(packages, files)] as [Importer, ...Importer[]];
  return [first, ...others.sort((a, b) => byCodeUnit(a.id, b.id))];
}

const maps = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'scripts'] as const;

/** The manifest of a folder, undefined where none is listed. */
function readManifest(id: string, files: Files): Manifest | undefined {
  const path = posix.join(id, 'package.json');
  const text = files.read(path);
  if (text === undefined) return undefined;
  const manifest = parseManifest(path, text);
  for (const map of maps) {
    for (const [name, value] of Object.entries(manifest[map] ?? {})) {
      if (typeof value === 'string') continue;
      throw new StowageError(ErrorCode.InvalidManifest, `${map} of ${path} has ${JSON.stringify(value)} for ${name}, where a text has to stand.`, {
        where: { file: path, key: `${map}.${name}` },
        hint: 'Correct the manifest.',
      });
    }
  }
  return manifest;
}

/** The projects of an Nx workspace that are no packages: folders with a project.json. */
function projectsWithoutManifest(packages: readonly Importer[], files: Files): Importer[] {
  if (files.get('nx.json') === undefined) return [];
  const ids = new Set(packages.map(({ id }) => id));
  return files.list.flatMap(({ path }) => {
    const id = posix.dirname(path);
    return posix.basename(path) !== 'project.json' || ids.has(id) ? [] : [projectImporter(id, files.read(path) ?? '')];
  });
}

/** Whether there are globs of members; pnpm-workspace.yaml may hold settings alone. */
function declaresMembers(packageManager: PackageManagerId, manifest: Manifest, files: Files): boolean {
  if (packageManager === 'pnpm') {
    const { packages } = readWorkspaceSettings(files).values;
    if (packages === undefined || packages === null || Array.isArray(packages)) return Array.isArray(packages);
    throw new StowageError(ErrorCode.InvalidSettings, `"packages" of ${SETTINGS_FILE} is no list.`, {
      where: { file: SETTINGS_FILE, key: 'packages' },
      hint: 'Write each glob in a line of its own, after a dash.',
    });
  }
  const workspaces = manifest.workspaces as { readonly packages?: unknown } | null | undefined;
  if (workspaces === undefined || workspaces === null) return false;
  if (Array.isArray(workspaces) || Array.isArray(workspaces.packages)) return true;
  throw new StowageError(ErrorCode.InvalidManifest, '"workspaces" of package.json is no list of globs.', {
    where: { file: 'package.json', key: 'workspaces' },
    hint: 'Write it as a list: "workspaces": ["packages/*"].',
  });
}

/** The members that a package of the workspace declares; those of yarn berry may declare further ones, relative to their own folder. */
function readMembers(folder: string, declaring: string, packageManager: PackageManagerId, files: Files, seen = new Set([declaring])): Importer[] {
  const members: Importer[] = [];
  for (const id of declaredFolders(folder, declaring, packageManager, files)) {
    const manifest = seen.has(id) ? undefined : readManifest(id, files);
    if (manifest === undefined) continue;
    seen.add(id);
    members.push(packageImporter(id, manifest));
    if (packageManager === 'yarn-berry' && manifest.workspaces !== undefined) members.push(...readMembers(folder, id, packageManager, files, seen));
  }
  return members;
}

function declaredFolders(folder: string, declaring: string, packageManager: PackageManagerId, files: Files): string[] {
  // all but pnpm read the globs of package.json, as a list or below `packages`
  const tool = lenient(packageManager === 'pnpm' ? PnpmTool : YarnTool);
  const below = (root: string): string[] =>
    getPackagesSync(join(root, declaring), { tools: [tool] }).packages.map(({ relativeDir }) =>
      posix.join(declaring, relativeDir.replaceAll('\\', '/')),
    );
  try {
    return below(folder);
  } catch {
    // manypkg parses every manifest, takes no byte order mark and does not name a broken one: here it finds the folders alone
    return inLaidOutFolder(files, below);
  }
}

/** The root is already known, and a workspace package needs no name: manypkg checks both. */
function lenient(tool: Tool): Tool {
  return {
    ...tool,
    isMonorepoRootSync: () => true,
    getPackagesSync(directory) {
      const found = tool.getPackagesSync(directory);
      for (const { relativeDir, packageJson } of found.packages) packageJson.name ||= relativeDir;
      return found;
    },
  };
}
