import { parse } from 'jsonc-parser';
import { buildScript, inApp, publicPathOf } from '../facts.ts';
import type { AppFacts, Preset } from '../preset.ts';
import { serverPlan } from '../server-plan.ts';

/** Angular, by its angular.json: a single-page app, or with `ssr` the server that the build bundles. */
export const angular: Preset = {
  id: 'angular',
  detect(app) {
    const target = buildTarget(app);
    return target === undefined ? undefined : `angular.json, ${target.builder}${isServer(target) ? ', ssr' : ''}`;
  },
  plan(app) {
    const target = buildTarget(app);
    const { base, browser, server } = outputOf(target);
    const common = { build: buildScript(app, /\bng build\b/), buildEnv: { NG_CLI_ANALYTICS: 'false' }, caches: ['.angular/cache'] };
    if (isServer(target)) {
      const command = ['node', `${base}/${server}/server.mjs`];
      const contents = [base, 'package.json'].map((path) => ({ from: path, to: `${app.importer.id}/${path}` }));
      return { ...serverPlan(app, { command, port: 4000, contents }), ...common };
    }
    return {
      ...common,
      kind: 'static',
      output: app.config.output ?? [base, browser].filter((part) => part !== '').join('/'),
      publicPath: publicPathOf(app.config.publicPath ?? target?.options.baseHref),
      // Beside pages that the build wrote, the app's own page has another name.
      fallback: target?.options.ssr ? 'index.csr.html' : 'index.html',
      hashed: [],
    };
  },
};

interface Options {
  readonly outputPath?: string | { readonly base?: string; readonly browser?: string; readonly server?: string };
  readonly outputMode?: 'static' | 'server';
  readonly ssr?: unknown;
  readonly server?: string;
  readonly baseHref?: string;
}

interface Target {
  readonly project: string;
  readonly builder: string;
  readonly options: Options;
}

/** The `build` target of the project named like the package, else of the first application. */
function buildTarget(app: AppFacts): Target | undefined {
  const { projects = {} } = parse(app.files.read(inApp(app, 'angular.json')) ?? '{}', [], { allowTrailingComma: true });
  const applications = Object.entries<Record<string, never>>(projects).filter(([, { projectType }]) => projectType === 'application');
  const named = applications.find(([name]) => app.importer.name === name || app.importer.name.endsWith(`/${name}`)) ?? applications[0];
  const build = (named?.[1].architect ?? named?.[1].targets) as
    | { build?: { builder?: string; options?: Options; configurations?: Record<string, Options> } }
    | undefined;
  const { builder = '', options = {}, configurations = {} } = build?.build ?? {};
  if (named === undefined || !/^@(angular|angular-devkit|nx|nrwl)\//.test(builder)) return undefined;
  return { project: named[0], builder, options: { ...options, ...configurations.production } };
}

function isServer(target: Target | undefined): boolean {
  const { ssr, outputMode } = target?.options ?? {};
  return outputMode === 'server' || (outputMode === undefined && ssr !== undefined && ssr !== false);
}

/** `dist/<project>` with the folder `browser` in it; builders before the `application` one know no such folder. */
function outputOf(target: Target | undefined): { base: string; browser: string; server: string } {
  const path = target?.options.outputPath;
  const {
    base = `dist/${target?.project}`,
    browser = 'browser',
    server = 'server',
  } = typeof path === 'object' ? path : path === undefined ? {} : { base: path };
  const nested = /:application$/.test(target?.builder ?? '');
  return { base: base.replace(/\/$/, ''), browser: nested ? browser : '', server };
}
