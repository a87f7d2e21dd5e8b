import { parse } from 'jsonc-parser';
import { buildScript, inApp, uses } from '../facts.ts';
import type { AppFacts, Preset } from '../preset.ts';
import { serverPlan } from '../server-plan.ts';
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
    const { scripts = {} } = app.importer.manifest;
    const started = [scripts['start:prod'], scripts.start].find((script) => script !== undefined && !/\bnest start\b/.test(script));
    const { words, env } = started === undefined ? { words: ['node', builtFile(app)], env: {} } : parseStart(started);
    return serverPlan(app, { build: buildScript(app, /\bnest build\b/), command: words, env, port: 3000 });
  },
};

interface NestCli {
  readonly sourceRoot?: string;
  readonly entryFile?: string;
  readonly monorepo?: boolean;
  readonly root?: string;
}

/**
 * `dist/main.js`, by nest-cli.json and tsconfig: `entryFile`, `outDir`; below the sources' folder where a `rootDir` or an included file
 * outside it makes tsc keep that level; in Nest's own monorepo mode `dist/<root>`.
 */
function builtFile(app: AppFacts): string {
  const read = (path: string) => parse(app.files.read(inApp(app, path)) ?? '{}', [], { allowTrailingComma: true });
  const { sourceRoot = 'src', entryFile = 'main', monorepo = false, root = '' }: NestCli = read('nest-cli.json');
  const options = { ...read('tsconfig.json').compilerOptions, ...read('tsconfig.build.json').compilerOptions };
  const trim = (path: string) => path.replace(/^\.\//, '').replace(/\/$/, '');
  const outDir = trim(options.outDir ?? 'dist');
  const level = monorepo ? `${root}/` : options.rootDir !== undefined && trim(options.rootDir) === '.' ? `${sourceRoot}/` : '';
  return `${outDir}/${level}${entryFile}.js`;
}
