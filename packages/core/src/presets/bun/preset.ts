import { inApp } from '../facts.ts';
import type { AppFacts, Preset } from '../preset.ts';
import { serverPlan, startScript } from '../server-plan.ts';

/** A program that Bun runs, TypeScript or not. */
export const bun: Preset = {
  id: 'bun',
  detect({ importer: { manifest } }) {
    const script = manifest.scripts?.start ?? '';
    return /^(?:[A-Z_]\w*=\S* )*bun (?!run [\w:-]+$)/.test(script) ? `start script: ${script}` : undefined;
  },
  plan(app) {
    const script = startScript(app);
    const version = versionOf(app);
    return serverPlan(app, {
      command: script?.words,
      env: script?.env ?? {},
      port: 3000,
      engine: { name: 'bun', version: version ?? 'latest' },
      diagnostics: version === undefined ? [unknownVersion(app)] : [],
    });
  },
};

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
