import type { Manifest } from '../model.ts';

/** `packages/a` of `./packages/a/`. */
export function pathOfPattern(pattern: string): string {
  return pattern.replace(/^\.\//, '').replace(/\/+$/, '');
}

/** A root manifest with other patterns in its `workspaces`, a list or an object with one; as it is where it has none. */
export function withPatterns(root: Manifest, narrow: (patterns: readonly string[]) => readonly string[]): Manifest {
  const workspaces = root.workspaces as readonly string[] | { readonly packages?: unknown } | undefined;
  if (Array.isArray(workspaces)) return { ...root, workspaces: narrow(workspaces) };
  const { packages } = (workspaces ?? {}) as { readonly packages?: unknown };
  return Array.isArray(packages) ? { ...root, workspaces: { ...workspaces, packages: narrow(packages) } } : root;
}
