/** Options of a builder of Angular's, as angular.json and project.json write them. */
export interface AngularOptions {
  readonly outputPath?: string | { readonly base?: string; readonly browser?: string; readonly server?: string };
  readonly outputMode?: 'static' | 'server';
  readonly ssr?: unknown;
  readonly baseHref?: string;
}

/** What a build of Angular makes, in folders from where its options count. */
export interface AngularBuild {
  readonly base: string;
  /** Folder of the pages. */
  readonly pages: string;
  /** The program that renders them, where there is one. */
  readonly server: string | undefined;
  /** The page that answers every path: beside pages that the build wrote, the app's own has another name. */
  readonly fallback: string;
}

/** Whether a builder of Angular's knows of a server, and of a folder for the pages. */
export function isApplicationBuilder(builder: string): boolean {
  return /^@(?:angular|angular-devkit|nx)\/(?:build|build-angular|angular):application$/.test(builder);
}

/** What Nx itself loads to run a builder of Angular's; its own executors it runs without. */
export function packagesToRun(builder: string): readonly string[] {
  return /^(?!@nx\/).*\bangular\b/.test(builder) ? ['@angular-devkit/architect', '@angular-devkit/core', 'rxjs'] : [];
}

/**
 * What a builder makes of its options. The one called `application` puts pages into a folder `browser` of its output, and a server beside
 * them where it renders on one; those before it know no such folders.
 * @param usual the output where the options tell none
 */
export function angularBuild(builder: string, options: AngularOptions, usual: string): AngularBuild {
  const { outputPath = usual, outputMode, ssr } = options;
  const { base = usual, browser = 'browser', server = 'server' } = typeof outputPath === 'string' ? { base: outputPath } : outputPath;
  const folder = base.replace(/\/$/, '');
  const renders = outputMode === 'server' || (outputMode === undefined && ssr !== undefined && ssr !== false);
  return {
    base: folder,
    pages: [folder, ...(/:application$/.test(builder) && browser !== '' ? [browser] : [])].join('/'),
    server: renders ? [folder, ...(server === '' ? [] : [server]), 'server.mjs'].join('/') : undefined,
    fallback: ssr ? 'index.csr.html' : 'index.html',
  };
}
