import { importersById } from '../../importers.ts';
import type { Diagnostic, Importer } from '../../model.ts';
import type { ImportReading } from './read-imports.ts';

/**
 * What undeclared imports mean for a pruned install: a warning where the package is not in it, so that the app breaks, at run time perhaps;
 * a mere note where another package of the closure brings it.
 * @param installed names of the packages that the pruned install puts where any source may find them
 */
export function explainUndeclared(
  readings: ReadonlyMap<string, ImportReading>,
  importers: readonly Importer[],
  installed: ReadonlySet<string>,
): Diagnostic[] {
  const byId = importersById(importers);
  return [...readings].flatMap(([id, { undeclared }]) =>
    undeclared.map(({ name, file, line }): Diagnostic => {
      const present = installed.has(name);
      const { derived } = byId.get(id) ?? {};
      return {
        level: present ? 'info' : 'warning',
        code: 'undeclared-import',
        message: `${byId.get(id)?.name ?? id} imports "${name}" without declaring it${present ? '; another package happens to bring it' : ': the pruned install has none where it looks'}.`,
        file,
        line,
        hint: `Add "${name}" to the dependencies of ${id === '.' || derived ? '' : `${id}/`}package.json.`,
      };
    }),
  );
}
