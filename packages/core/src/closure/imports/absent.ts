import type { Diagnostic, Importer } from '../../model.ts';
import type { ImportReading } from './read-imports.ts';

/**
 * What imports of files that the repository does not hold mean: a script has to make them, and none runs.
 * @param made ids of the importers in which the build stage runs something
 */
export function explainAbsent(readings: ReadonlyMap<string, ImportReading>, importers: readonly Importer[], made: ReadonlySet<string>): Diagnostic[] {
  return importers.flatMap(({ id, name, manifest }) =>
    made.has(id)
      ? []
      : (readings.get(id)?.absent ?? []).map(({ path, file, line }): Diagnostic => {
          const scripts = Object.keys(manifest.scripts ?? {});
          return {
            level: 'warning',
            code: 'absent-source',
            message: `${name} imports ${path}, which the repository does not hold; the image's build runs no script of ${name} that could make it.`,
            file,
            line,
            hint: `Name the script that makes it: "stowage": { "build": "..." } in its package.json (scripts: ${scripts.join(', ') || 'none'}), or "rootScripts" in the app's config.`,
          };
        }),
  );
}
