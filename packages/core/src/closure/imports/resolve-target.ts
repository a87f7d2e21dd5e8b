import type { Files, Importer } from '../../model.ts';
import { fixedPart, isFolder, joinPath, moduleFile, parentOf } from '../../paths.ts';
import { type Alias, applyAliases } from './aliases.ts';
import { isSource } from './scan-imports.ts';
import { bareSpecifier, isBuiltin, isForeign, isRegistryName, isRelative, isScheme, packageNameOf } from './specifier.ts';

/** What an import reaches beyond its importer's own files and declared dependencies. */
export type ImportTarget =
  /** `bundled` where the importer has it for its build: only an import that loads it counts. */
  | { readonly kind: 'importer'; readonly id: string; readonly bundled?: true }
  /** A file or folder of the repository that belongs to no package but the root, or a mere asset of another package. */
  | { readonly kind: 'outside'; readonly path: string }
  | { readonly kind: 'undeclared'; readonly name: string }
  /** A file of the importer's own that is not there, though no build of its own could make it. */
  | { readonly kind: 'absent'; readonly path: string }
  /** A package that a project of Nx has from the root. */
  | { readonly kind: 'root'; readonly name: string };

/** What imports are resolved against: the workspace, and one importer of it. */
export interface ResolveContext {
  readonly importer: Importer;
  readonly files: Files;
  readonly ownerOf: (path: string) => string;
  readonly importersByName: ReadonlyMap<string, Importer>;
  /** Names that the importer's manifest declares. */
  readonly declared: ReadonlySet<string>;
  /** Of these, packages of the workspace that its build may take into what it makes. */
  readonly bundled: ReadonlySet<string>;
  /** Whether what the root declares is the importer's own, as Nx has it. */
  readonly hasRoot: boolean;
  /** Names that the root's manifest declares: every importer finds them. */
  readonly declaredByRoot: ReadonlySet<string>;
  readonly aliases: readonly Alias[];
}

/** Where an import of a file leads; undefined where it stays within the importer and what it declares, or names nothing that is there. */
export function resolveTarget(specifier: string, file: string, context: ResolveContext): ImportTarget | undefined {
  const plain = bareSpecifier(specifier);
  if (isRelative(plain)) {
    const path = joinPath(parentOf(file), plain);
    return targetOfPath(path, context, false)?.target ?? absentTarget(path, context);
  }
  const aliased = throughAliases(plain, context);
  if (aliased === undefined) return targetOfName(plain, context);
  // What an alias explains is no package that somebody forgot to declare.
  return aliased.target?.kind === 'undeclared' ? undefined : aliased.target;
}

/** Whether only an alias that is not among the known ones could say what a specifier is. */
export function isUnexplained(specifier: string, context: ResolveContext): boolean {
  const plain = bareSpecifier(specifier);
  return !isRelative(plain) && !isScheme(plain) && !isKnownName(plain, context) && throughAliases(plain, context) === undefined;
}

/** Where a lookup ended; an empty answer where that is the importer itself, or what it declares. */
type Lookup = { readonly target?: ImportTarget | undefined };

function throughAliases(specifier: string, context: ResolveContext): Lookup | undefined {
  for (const { to, mustExist } of applyAliases(specifier, context.aliases)) {
    if (!to.startsWith('./')) return { target: targetOfName(to, context) };
    const found = targetOfPath(joinPath(to), context, mustExist);
    if (found !== undefined) return found;
    if (isMadeLater(specifier, to, context)) return {};
  }
  return undefined;
}

/** `src/generated/client` from a base that has a folder `src` of the importer's own: no package, but what a build writes there. */
function isMadeLater(specifier: string, to: string, { files, importer, ownerOf }: ResolveContext): boolean {
  const [first = '', ...rest] = specifier.split('/');
  const folder = to.endsWith(`/${specifier}`) && rest.length > 0 ? joinPath(to.slice(0, -specifier.length), first) : undefined;
  return folder !== undefined && isFolder(files, folder) && ownerOf(folder) === importer.id;
}

function targetOfPath(path: string | undefined, context: ResolveContext, mustExist: boolean): Lookup | undefined {
  if (path === undefined) return undefined;
  const fixed = fixedPart(path);
  const owner = context.ownerOf(fixed);
  if (!mustExist && owner === context.importer.id) return {};
  const existing = moduleFile(context.files, fixed) ?? (isFolder(context.files, fixed) ? fixed : undefined);
  if (owner === context.importer.id) return existing === undefined ? undefined : {};
  if (owner !== '.' && !isAsset(existing, context)) {
    // What another package's build will write is not there yet; a mapping of TypeScript would pass it over.
    return mustExist && existing === undefined ? undefined : { target: { kind: 'importer', id: owner } };
  }
  return existing === undefined || existing === '.' ? undefined : { target: { kind: 'outside', path: existing } };
}

function absentTarget(path: string | undefined, { importer, ownerOf, files }: ResolveContext): ImportTarget | undefined {
  if (path === undefined || importer.derived || importer.manifest.scripts?.build !== undefined) return undefined;
  const foreign = ownerOf(path) !== importer.id || fixedPart(path) !== path || `/${path}`.includes('/node_modules/');
  return foreign || isFolder(files, path) || moduleFile(files, path) !== undefined ? undefined : { kind: 'absent', path };
}

/** A stylesheet, a picture, data: needs nothing of the package that it lies in. */
function isAsset(path: string | undefined, context: ResolveContext): boolean {
  return path !== undefined && context.files.get(path) !== undefined && !isSource(path);
}

function isKnownName(specifier: string, context: ResolveContext): boolean {
  const name = packageNameOf(specifier);
  return name === context.importer.manifest.name || context.declared.has(name) || isBuiltin(specifier);
}

function targetOfName(specifier: string, context: ResolveContext): ImportTarget | undefined {
  const name = packageNameOf(specifier);
  const importer = context.importersByName.get(name);
  if (importer !== undefined && context.bundled.has(name)) return { kind: 'importer', id: importer.id, bundled: true };
  if (isForeign(specifier) || isKnownName(specifier, context)) return undefined;
  if (importer !== undefined) return { kind: 'importer', id: importer.id };
  if (!isRegistryName(name)) return undefined;
  if (context.declaredByRoot.has(name)) return context.hasRoot ? { kind: 'root', name } : undefined;
  return { kind: 'undeclared', name };
}
