import { posix } from 'node:path';
import { inApp } from '../facts.ts';
import type { AppFacts, Preset, ServerPlan } from '../preset.ts';
import { serverPlan, startScript } from '../server-plan.ts';
import { type BunBundle, bunBundle } from './bundle.ts';

/** A program that Bun runs, TypeScript or not. */
export const bun: Preset = {
  id: 'bun',
  detect({ importer: { manifest }, shared }) {
    const { start = '', build } = manifest.scripts ?? {};
    if (/^(?:[A-Z_]\w*=\S* )*bun (?!run [\w:-]+$)/.test(start)) return `start script: ${start}`;
    const published = shared || manifest.private !== true;
    return start === '' && !published && bunBundle(build) !== undefined ? `build script: ${build}` : undefined;
  },
  plan(app) {
    const script = startScript(app);
    const version = versionOf(app);
    const bundle = bunBundle(app.importer.manifest.scripts?.build);
    const plan = serverPlan(app, {
      command: script?.words ?? (bundle && ['bun', bundle.entry]),
      env: script?.env ?? {},
      port: 3000,
      engine: { name: 'bun', version: version ?? 'latest' },
      diagnostics: version === undefined ? [unknownVersion(app)] : [],
    });
    if (bundle === undefined || !startsBundle(plan, bundle)) return plan;
    const to = posix.join(app.importer.id, bundle.folder);
    return { ...plan, contents: [{ from: bundle.folder, to }], packages: bundle.externals };
  },
};

/** A bundle holds all that the program needs, if it is the bundle that is started. */
function startsBundle({ command = [] }: ServerPlan, { folder }: BunBundle): boolean {
  const file = command[1] ?? '';
  return command[0] === 'bun' && (posix.normalize(file) + (posix.extname(file) === '' ? '/' : '')).startsWith(`${folder}/`);
}

/** An exact version: of `.bun-version` (app, then root), `packageManager`, `devEngines.runtime` or `engines`. */
function versionOf(app: AppFacts): string | undefined {
  const manifests = [app.importer.manifest, app.root.manifest];
  const named = [
    ...[inApp(app, '.bun-version'), '.bun-version'].map((path) => app.files.read(path)),
    ...manifests.map(({ packageManager }) => /^bun@(.*)/.exec(String(packageManager))?.[1]),
    ...manifests
      .flatMap(({ devEngines }) => [(devEngines as { runtime?: { name?: string; version?: string } } | undefined)?.runtime].flat())
      .map((runtime) => (runtime?.name === 'bun' ? runtime.version : undefined)),
    ...manifests.map(({ engines }) => (engines as { bun?: string } | undefined)?.bun),
  ];
  return named.map((text) => /^[\sv=^~]*(\d+\.\d+\.\d+)\s*$/.exec(text?.replace(/\+.*/, '') ?? '')?.[1]).find((version) => version !== undefined);
}

function unknownVersion(app: AppFacts) {
  return {
    level: 'warning' as const,
    code: 'bun-version-unknown',
    message: `Nothing tells which version of Bun runs ${app.importer.name}: the newest one is taken, so two builds may differ.`,
    file: inApp(app, 'package.json'),
    hint: 'Write it to .bun-version, or to "engines" of package.json.',
  };
}
