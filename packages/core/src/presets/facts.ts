import type { AppConfig } from '../config/schema.ts';
import type { Importer, Workspace } from '../model.ts';
import type { AppFacts } from './preset.ts';

export function appFacts({ importers, files }: Pick<Workspace, 'importers' | 'files'>, importer: Importer, config: AppConfig): AppFacts {
  const root = importers[0] as Importer;
  const isDependent = ({ id, manifest: { dependencies, devDependencies } }: Importer): boolean =>
    id !== '.' && (dependencies?.[importer.name] ?? devDependencies?.[importer.name]) !== undefined;
  return {
    importer,
    root,
    // few presets ask, and it looks at every manifest
    get shared() {
      return importers.some(isDependent);
    },
    files,
    config,
  };
}

/** The path of a file of the app, from the workspace root. */
export function inApp({ importer }: AppFacts, path: string): string {
  return importer.id === '.' ? path : `${importer.id}/${path}`;
}

/** The first of these files, named without ending, that the app has. */
export function findScript(app: AppFacts, stem: string): string | undefined {
  return ['ts', 'mts', 'js', 'mjs', 'cjs', 'cts'].map((ending) => inApp(app, `${stem}.${ending}`)).find((path) => app.files.get(path) !== undefined);
}

/** Whether the app, or the root for all, depends on a package. */
export function dependsOn({ importer, root }: AppFacts, name: string): boolean {
  return [importer, root].some(({ manifest }) => [manifest.dependencies, manifest.devDependencies].some((map) => map?.[name] !== undefined));
}

/** The string literal that a config file gives a key, where it is written as one. */
export function literalOf(text: string | undefined, key: string): string | undefined {
  return new RegExp(`(?:^|[\\s{,])${key}\\s*:\\s*(['"\`])([^'"\`$]*)\\1`).exec(text ?? '')?.[2];
}

/** `/admin/` of `admin`, `/admin` or `https://cdn.example/admin/`; `/` of nothing or a relative base. */
export function publicPathOf(base: string | undefined): string {
  const path = (base ?? '/')
    .replace(/^[a-z]+:\/\/[^/]*/, '')
    .replace(/^\.?\/*/, '')
    .replace(/\/*$/, '');
  return path === '' ? '/' : `/${path}/`;
}
