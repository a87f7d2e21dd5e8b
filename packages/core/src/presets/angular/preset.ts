import { parse } from 'jsonc-parser';
import { type AngularBuild, type AngularOptions, angularBuild } from '../../nx/angular-build.ts';
import { buildScript, inApp, publicPathOf } from '../facts.ts';
import type { AppFacts, Preset } from '../preset.ts';
import { serverPlan } from '../server-plan.ts';

/** Angular, by its angular.json: a single-page app, or with `ssr` the server that the build bundles. */
export const angular: Preset = {
  id: 'angular',
  detect(app) {
    const target = buildTarget(app);
    return target === undefined ? undefined : `angular.json, ${target.builder}${madeBy(target).server !== undefined ? ', ssr' : ''}`;
  },
  plan(app) {
    const target = buildTarget(app);
    const { base, pages, server, fallback } = madeBy(target);
    const common = { build: buildScript(app, /\bng build\b/), buildEnv: { NG_CLI_ANALYTICS: 'false' }, caches: ['.angular/cache'] };
    if (server !== undefined) {
      const contents = [base, 'package.json'].map((path) => ({ from: path, to: `${app.importer.id}/${path}` }));
      return { ...serverPlan(app, { command: ['node', server], port: 4000, contents }), ...common };
    }
    return {
      ...common,
      kind: 'static',
      output: app.config.output ?? pages,
      publicPath: publicPathOf(app.config.publicPath ?? target?.options.baseHref),
      fallback,
      hashed: [],
    };
  },
};

interface Target {
  readonly project: string;
  readonly builder: string;
  readonly options: AngularOptions;
}

/** The `build` target of the project named like the package, else of the first application. */
function buildTarget(app: AppFacts): Target | undefined {
  const { projects = {} } = parse(app.files.read(inApp(app, 'angular.json')) ?? '{}', [], { allowTrailingComma: true });
  const applications = Object.entries<Record<string, never>>(projects).filter(([, { projectType }]) => projectType === 'application');
  const named = applications.find(([name]) => app.importer.name === name || app.importer.name.endsWith(`/${name}`)) ?? applications[0];
  const build = (named?.[1].architect ?? named?.[1].targets) as
    | { build?: { builder?: string; options?: AngularOptions; configurations?: Record<string, AngularOptions> } }
    | undefined;
  const { builder = '', options = {}, configurations = {} } = build?.build ?? {};
  if (named === undefined || !/^@(angular|angular-devkit|nx|nrwl)\//.test(builder)) return undefined;
  return { project: named[0], builder, options: { ...options, ...configurations.production } };
}

function madeBy(target: Target | undefined): AngularBuild {
  return angularBuild(target?.builder ?? '', target?.options ?? {}, `dist/${target?.project}`);
}
