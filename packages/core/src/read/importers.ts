import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { getPackagesSync } from '@manypkg/get-packages';
import { InvalidMonorepoError, NpmTool, type Packages, PnpmTool, type Tool, YarnTool } from '@manypkg/tools';
import { ErrorCode, StowageError } from '../errors.ts';
import { packageImporter, parseManifest, projectImporter } from '../importer.ts';
import type { Files, Importer, Manifest, PackageManagerId } from '../model.ts';
import { byCodeUnit } from '../order.ts';

/** Every package of the workspace, and every project of Nx that is none; the root first, the others sorted by id. */
export async function readImporters(root: string, packageManager: PackageManagerId, files: Files): Promise<Importer[]> {
  const rootManifest = parseManifest('package.json', files.read('package.json') ?? readFileSync(join(root, 'package.json'), 'utf8'));
  const members = declaresMembers(packageManager, rootManifest, files) ? await readMembers(root, '.', packageManager) : [];
  const packages = [packageImporter('.', rootManifest), ...members.filter(({ id }) => id !== '.')];
  const [first, ...others] = [...packages, ...projectsWithoutManifest(packages, files)] as [Importer, ...Importer[]];
  return [first, ...others.sort((a, b) => byCodeUnit(a.id, b.id))];
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

function declaresMembers(packageManager: PackageManagerId, manifest: Manifest, files: Files): boolean {
  // pnpm-workspace.yaml may hold settings alone
  return packageManager === 'pnpm' ? /^packages\s*:/m.test(files.read('pnpm-workspace.yaml') ?? '') : manifest.workspaces !== undefined;
}

/** The members that a package of the workspace declares; those of yarn berry may declare further ones, relative to their own folder. */
async function readMembers(root: string, declaring: string, packageManager: PackageManagerId, seen = new Set([declaring])): Promise<Importer[]> {
  const members: Importer[] = [];
  for (const member of await declaredMembers(root, declaring, packageManager)) {
    if (seen.has(member.id)) continue;
    seen.add(member.id);
    members.push(member);
    if (packageManager !== 'yarn-berry' || member.manifest.workspaces === undefined) continue;
    members.push(...(await readMembers(root, member.id, packageManager, seen)));
  }
  return members;
}

async function declaredMembers(root: string, declaring: string, packageManager: PackageManagerId): Promise<Importer[]> {
  const unnamed = new Set<string>();
  const tool = nameless(toolOf(packageManager), unnamed);
  const folder = join(root, declaring);
  let packages: Packages;
  try {
    packages = getPackagesSync(folder, { tools: [tool] });
  } catch (cause) {
    throw await explain(cause, folder, packageManager);
  }
  return packages.packages.map(({ relativeDir, packageJson }) => {
    const id = posix.join(declaring, relativeDir.replaceAll('\\', '/'));
    const { name, ...rest } = packageJson as unknown as Manifest;
    return packageImporter(id, unnamed.has(relativeDir) ? rest : (packageJson as unknown as Manifest));
  });
}

function toolOf(packageManager: PackageManagerId): Tool {
  // all but pnpm read the globs of package.json; manypkg's own bun and npm tools only differ in how they recognise a root
  if (packageManager === 'pnpm') return PnpmTool;
  return packageManager === 'npm' ? NpmTool : YarnTool;
}

/** The root is already known, and a workspace package needs no name: manypkg checks both. */
function nameless(tool: Tool, unnamed: Set<string>): Tool {
  return {
    ...tool,
    isMonorepoRootSync: () => true,
    getPackagesSync(directory) {
      const found = tool.getPackagesSync(directory);
      for (const { relativeDir, packageJson } of found.packages) {
        if (typeof packageJson.name === 'string' && packageJson.name !== '') continue;
        unnamed.add(relativeDir);
        packageJson.name = relativeDir;
      }
      return found;
    },
  };
}

/** manypkg parses without naming the file: find the one that does not parse. */
async function explain(cause: unknown, root: string, packageManager: PackageManagerId): Promise<unknown> {
  if (cause instanceof InvalidMonorepoError) return cause;
  if (packageManager === 'pnpm' && (cause as Error).name === 'YAMLParseError') {
    const line = (cause as { linePos?: { line: number }[] }).linePos?.[0]?.line;
    return new StowageError(ErrorCode.InvalidSettings, 'pnpm-workspace.yaml is not valid YAML.', {
      where: line === undefined ? { file: 'pnpm-workspace.yaml' } : { file: 'pnpm-workspace.yaml', line },
      hint: (cause as Error).message.split('\n')[0] ?? '',
      cause,
    });
  }
  if (!(cause instanceof SyntaxError)) return cause;
  const { default: glob } = await import('fast-glob');
  for (const path of (await glob('**/package.json', { cwd: root, ignore: ['**/node_modules/**'] })).sort(byCodeUnit)) {
    try {
      parseManifest(path, readFileSync(join(root, path), 'utf8'));
    } catch (found) {
      return found;
    }
  }
  return cause;
}
