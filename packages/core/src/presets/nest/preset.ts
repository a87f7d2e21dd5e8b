import ignore from 'ignore';
import { parse } from 'jsonc-parser';
import { isInside, withinImporter } from '../../paths.ts';
import { buildScript, inApp, uses } from '../facts.ts';
import type { AppFacts, Preset } from '../preset.ts';
import { scriptText, serverPlan } from '../server-plan.ts';
import { parseStart } from '../start-command.ts';

/** NestJS: what `nest build` made, run by Node; `nest start` would build again. */
export const nest: Preset = {
  id: 'nest',
  detect(app) {
    if (!uses(app, '@nestjs/core')) return undefined;
    if (app.files.get(inApp(app, 'nest-cli.json')) !== undefined) return 'nest-cli.json';
    return /\bnest start\b/.test(app.importer.manifest.scripts?.start ?? '') ? 'start script: nest start' : undefined;
  },
  plan(app) {
    const started = ['start:prod', 'start']
      .map((name) => scriptText(app, name))
      .find((script) => script !== undefined && !/\bnest start\b/.test(script));
    const { words, env } = started === undefined ? { words: ['node', builtFile(app)], env: {} } : parseStart(started);
    return serverPlan(app, { build: buildScript(app, /\bnest build\b/), command: words, env, port: 3000 });
  },
};

interface NestCli {
  readonly sourceRoot?: string;
  readonly entryFile?: string;
  readonly monorepo?: boolean;
  readonly root?: string;
  readonly compilerOptions?: { readonly webpack?: boolean; readonly builder?: string | { readonly type?: string } };
}

interface Tsconfig {
  readonly compilerOptions?: { readonly outDir?: string; readonly rootDir?: string };
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/**
 * `dist/main.js`, by nest-cli.json and tsconfig: `entryFile`, `outDir`; below the sources' folder where a `rootDir` or a source outside it, such
 * as `prisma/seed.ts`, makes tsc keep that level; in Nest's own monorepo mode `dist/<root>`.
 */
function builtFile(app: AppFacts): string {
  const read = (path: string) => parse(app.files.read(inApp(app, path)) ?? '{}', [], { allowTrailingComma: true });
  const { sourceRoot = 'src', entryFile = 'main', monorepo = false, root = '', compilerOptions = {} }: NestCli = read('nest-cli.json');
  const tsconfig: Tsconfig = { ...read('tsconfig.json'), ...read('tsconfig.build.json') };
  const options = { ...read('tsconfig.json').compilerOptions, ...tsconfig.compilerOptions };
  const trim = (path: string) => path.replace(/^\.\//, '').replace(/\/$/, '');
  const builder = compilerOptions.webpack
    ? 'webpack'
    : typeof compilerOptions.builder === 'object'
      ? compilerOptions.builder.type
      : compilerOptions.builder;
  const onTop =
    options.rootDir === undefined ? (builder ?? 'tsc') === 'tsc' && hasOtherSources(app, trim(sourceRoot), tsconfig) : trim(options.rootDir) === '.';
  const level = monorepo ? `${root}/` : onTop ? `${trim(sourceRoot)}/` : '';
  return `${trim(options.outDir ?? 'dist')}/${level}${entryFile}.js`;
}

/** Whether tsc compiles sources beside the sources' folder. */
function hasOtherSources({ importer, files }: AppFacts, sourceRoot: string, { include, exclude = [] }: Tsconfig): boolean {
  if (include !== undefined) return false;
  const excluded = ignore().add(exclude.map((glob) => glob.replace(/^\.\//, '/')));
  return files.list
    .filter(({ path }) => isInside(path, importer.id) && /(?<!\.d)\.[cm]?tsx?$/.test(path))
    .map(({ path }) => withinImporter(path, importer.id))
    .some((path) => !isInside(path, sourceRoot) && !excluded.ignores(path));
}
