import type { ConfigValue } from '../config/resolve-config.ts';
import type { AppConfig } from '../config/schema.ts';
import type { Diagnostic, Importer } from '../model.ts';
import type { AppPlan } from './preset.ts';

type Key = keyof AppConfig;

/** What counts for a program alone, and for a front end alone. */
const ofPrograms: readonly Key[] = ['start', 'runtime', 'init', 'volumes', 'runtimeInclude', 'runtimePackages', 'browsers'];
const ofFrontEnds: readonly Key[] = ['publicPath', 'fallback'];
/** What counts for an app that Nx builds. */
const ofNx: readonly Key[] = ['deps'];

/** What an app is told that its image has no use for: said, as a person meant something by it. */
export function idleKeys(values: readonly ConfigValue[], app: Importer, plan: AppPlan, builtByNx: boolean): Diagnostic[] {
  const isFrontEnd = plan.kind === 'static';
  const takesPackages = builtByNx || (plan.kind === 'server' && plan.contents !== undefined);
  const idle = new Set<string>([
    ...(isFrontEnd ? ofPrograms : ofFrontEnds),
    ...(builtByNx ? [] : ofNx),
    ...(isFrontEnd || builtByNx ? [] : ['output']),
    ...(takesPackages ? [] : ['packages']),
  ]);
  return values
    .filter(({ key }) => idle.has(key))
    .map(({ key, source }) => ({
      level: 'warning',
      code: 'key-without-effect',
      message: `"${key}" means nothing to ${app.name}, ${isFrontEnd ? 'a front end whose files a web server hands out' : 'a program'}.`,
      file: source.replace(/ \(.*$/, ''),
      hint: hints[key as Key] ?? 'Leave it out.',
    }));
}

const hints: Partial<Record<Key, string>> = {
  start: 'Where a program of its own serves the files, say "preset": "node"; to change them first, "beforeStart".',
  packages: 'It has all its production dependencies: add them to "dependencies" of its package.json.',
};
