import { fileRole, isBuildConfig } from '../closure/imports/file-role.ts';
import { isSource } from '../closure/imports/scan-imports.ts';
import type { FileEntry, Files, Importer, Manifest, TextFile } from '../model.ts';
import { manifestPath, withinImporter } from '../paths.ts';
import type { ReachedTargets } from './reached-targets.ts';

/** What a manifest says that is no business of a build, or that its own install sees to. */
const BESIDES_BUILD =
  /^(?:name|version|description|keywords|author|contributors|license|repository|homepage|bugs|funding|private|packageManager|engines|devEngines|volta|workspaces|dependencies|devDependencies|optionalDependencies|bundleDependencies|bundledDependencies|overrides|resolutions|pnpm|scripts|nx|jest|eslintConfig|prettier|lint-staged|husky|stowage)$/;

/** What is read for itself, or is the install's. */
const READ_ELSEWHERE =
  /^(?:(?:project|package|nx|package-lock|npm-shrinkwrap)\.json|pnpm-(?:lock|workspace)\.yaml|yarn\.lock|bun\.lockb?|\.yarnrc\.yml|bunfig\.toml|\.pnpmfile\.cjs)$/;

/**
 * The texts of a project that are part of the program or of its build. Of project.json and of a manifest that is what the build
 * reaches: targets and scripts that test or serve are left out.
 */
export function buildTexts({ id, manifest }: Importer, own: readonly FileEntry[], reached: ReachedTargets, files: Files): readonly TextFile[] {
  const inProject = (path: string): string => withinImporter(path, id);
  const written = own
    .filter(({ path, mode }) => mode !== '120000' && !READ_ELSEWHERE.test(inProject(path)) && fileRole(inProject(path)) !== 'none')
    .map(({ path }) => ({ path, text: files.read(path) ?? '' }));
  const settings = { ...reached, manifest: ofBuild(manifest) };
  return [...written, { path: manifestPath(id), text: JSON.stringify(settings) }];
}

function ofBuild(manifest: Manifest): Manifest {
  return Object.fromEntries(Object.entries(manifest).filter(([field]) => !BESIDES_BUILD.test(field)));
}

/** Whether a file outside the closure that its builds read names packages: a program, or a configuration of what builds. */
export function isProgramOrConfig(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return isSource(path) || isBuildConfig(name) || /^tsconfig[\w.-]*\.json$/.test(name);
}
