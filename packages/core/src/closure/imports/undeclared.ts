import { importersById } from '../../importers.ts';
import type { Diagnostic, Importer } from '../../model.ts';
import { manifestPath } from '../../paths.ts';
import type { ImportReading, UndeclaredImport } from './read-imports.ts';

/** Names of packages: those that the pruned install puts where any source may find them, and all that the whole lockfile holds. */
interface PackageNames {
  readonly installed: ReadonlySet<string>;
  readonly locked: ReadonlySet<string>;
}

/**
 * What undeclared imports mean for a pruned install: a warning each where a package is not in it, so that the app breaks, at run time perhaps;
 * one note for an importer of all that other packages of the closure bring. What the lockfile does not hold no install ever had: a bundler
 * answers for such a name, or nothing does.
 */
export function explainUndeclared(
  readings: ReadonlyMap<string, ImportReading>,
  importers: readonly Importer[],
  { installed, locked }: PackageNames,
): Diagnostic[] {
  const byId = importersById(importers);
  return [...readings].flatMap(([id, { undeclared }]) => {
    const importer = byId.get(id) as Importer;
    const brought = undeclared.filter(({ name }) => installed.has(name));
    const lost = undeclared.filter(({ name }) => locked.has(name) && !installed.has(name));
    return [...lost.map((each) => lostImport(importer, each)), ...broughtImports(importer, brought)];
  });
}

function lostImport(importer: Importer, found: UndeclaredImport): Diagnostic {
  return {
    level: 'warning',
    code: 'undeclared-import',
    message: `${importer.name} imports "${found.name}" without declaring it: the pruned install has none where it looks.`,
    file: found.file,
    line: found.line,
    hint: `Add "${found.name}" to the dependencies of ${manifestOf(importer)}.`,
  };
}

function broughtImports(importer: Importer, found: readonly UndeclaredImport[]): Diagnostic[] {
  const [first, ...others] = found;
  if (first === undefined) return [];
  const names = found.map((each) => `"${each.name}"`).join(', ');
  const them = others.length === 0 ? 'it' : 'them';
  return [
    {
      level: 'info',
      code: 'undeclared-import',
      message: `${importer.name} imports ${names} without declaring ${them}; another package happens to bring ${them}.`,
      file: first.file,
      line: first.line,
      hint: `Add ${them} to the dependencies of ${manifestOf(importer)}.`,
    },
  ];
}

/** Where an importer declares: a project of Nx without a manifest does in the root's. */
function manifestOf({ id, derived }: Importer): string {
  return manifestPath(derived ? '.' : id);
}
