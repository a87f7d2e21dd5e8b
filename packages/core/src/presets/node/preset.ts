import type { Diagnostic, Manifest } from '../../model.ts';
import { isNxApplication } from '../../nx/build.ts';
import { inApp } from '../facts.ts';
import { nodeVersion } from '../node-version.ts';
import type { AppFacts, Preset } from '../preset.ts';
import { serverPlan, startScript } from '../server-plan.ts';
import type { StartCommand } from '../start-command.ts';

/** A program for Node: built by its own script or not at all, started as its manifest says. */
export const node: Preset = {
  id: 'node',
  detect({ importer, files, config }) {
    const { manifest } = importer;
    if (config.start !== undefined) return 'start command of the config';
    if (isServedByNx(manifest) && isNxApplication(importer, files)) return undefined;
    return manifest.scripts?.start === undefined ? undefined : `start script: ${manifest.scripts.start}`;
  },
  plan(app) {
    const { manifest } = app.importer;
    const script = startScript(app);
    const main = typeof manifest.main === 'string' ? ['node', manifest.main] : undefined;
    const diagnostics = app.config.start === undefined && script !== undefined ? troubles(app, script) : [];
    const serves = app.config.start !== undefined || script !== undefined;
    return serverPlan(app, { command: script?.words ?? main, env: script?.env ?? {}, port: serves ? 3000 : undefined, diagnostics });
  },
};

/** By its target for development, which builds what it serves: the program is what Nx builds. */
function isServedByNx({ scripts }: Manifest): boolean {
  return /^\s*(?:npx\s+)?nx\s+(?:run\s+\S+:)?(?:serve|dev)\b/.test(scripts?.start ?? '');
}

/** Servers for development: what they show is not built, and changes as they run. */
const development =
  /\b(react-scripts start|craco start|vue-cli-service serve|webpack serve|webpack-dev-server|rsbuild dev|parcel(?! build)(?!-)|expo start|gatsby develop|nx (serve|dev)|email (start|dev)|ts-node-dev|tsx watch)\b|(^|exec )vite( dev| serve)?($| -)|--watch\b/;

/** What keeps such a program from starting in its image as it should: each trouble with its code, message and hint. */
function troubles(app: AppFacts, { words }: StartCommand): Diagnostic[] {
  const { manifest, name } = app.importer;
  const left = wordsOf(words).find((word) => manifest.devDependencies?.[word] !== undefined && manifest.dependencies?.[word] === undefined);
  const node = nodeVersion(app).major;
  const found: (readonly [isThere: boolean, code: string, message: string, hint: string])[] = [
    [
      development.test(words.join(' ')),
      'start-for-development',
      `The start script of ${name} is for development: ${manifest.scripts?.start}`,
      'Name what runs its build as "start" in the config; of a front end its files: "preset": "static", "output" and "fallback".',
    ],
    [
      left !== undefined,
      'start-needs-dev-dependency',
      `${name} starts by ${left}, which is a devDependency: the image has none.`,
      `Move ${left} to "dependencies", or start what a build makes.`,
    ],
    [
      node < 22 && startsTypeScript(words),
      'node-runs-no-typescript',
      `${name} starts TypeScript, and Node ${node} runs none.`,
      'Allow Node 22 or later in "engines", or start what a build makes.',
    ],
  ];
  return found
    .filter(([isThere]) => isThere)
    .map(([, code, message, hint]) => ({ level: 'warning', code, message, hint, file: inApp(app, 'package.json') }));
}

/** By Node itself, and no loader. */
function startsTypeScript([program, ...words]: readonly string[]): boolean {
  const loads = words.some((word) => /^--(import|loader|require|experimental)/.test(word));
  return program === 'node' && !loads && words.some((word) => /\.[cm]?tsx?$/.test(word));
}

/** The packages that words of a command may name: `tsx` of `--import=tsx`, `ts-node` of `-r ts-node/register`. */
function wordsOf(words: readonly string[]): string[] {
  return words.flatMap((word) => word.split(/[\s=&|;]+/)).map((word) => /^(?:@[^/]+\/)?[^/]+/.exec(word)?.[0] ?? '');
}
