import { inApp } from '../facts.ts';
import type { AppFacts, Preset } from '../preset.ts';
import { serverPlan, startScript } from '../server-plan.ts';

/** A program for Node: built by its own script or not at all, started as its manifest says. */
export const node: Preset = {
  id: 'node',
  detect({ importer: { manifest }, config }) {
    if (config.start !== undefined) return 'start command of the config';
    return manifest.scripts?.start === undefined ? undefined : `start script: ${manifest.scripts.start}`;
  },
  plan(app) {
    const { manifest } = app.importer;
    const script = startScript(app);
    const main = typeof manifest.main === 'string' ? ['node', manifest.main] : undefined;
    const serves = app.config.start !== undefined || script !== undefined;
    return serverPlan(app, { command: script?.words ?? main, env: script?.env ?? {}, port: serves ? 3000 : undefined, diagnostics: loaders(app) });
  },
};

/** A loader that is a devDependency is not in the image. */
function loaders(app: AppFacts) {
  const { manifest, name } = app.importer;
  const loader = /\b(tsx|ts-node|@swc-node\/register|esbuild-register)\b/.exec(manifest.scripts?.start ?? '')?.[1];
  if (loader === undefined || app.config.start !== undefined || manifest.dependencies?.[loader] !== undefined) return [];
  return [
    {
      level: 'warning' as const,
      code: 'loader-not-installed',
      message: `${name} starts by ${loader}, which is none of its dependencies: the image has no devDependencies.`,
      file: inApp(app, 'package.json'),
      hint: `Move ${loader} to "dependencies", or start what a build makes.`,
    },
  ];
}
