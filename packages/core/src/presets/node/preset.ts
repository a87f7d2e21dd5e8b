import type { Diagnostic } from '../../model.ts';
import { isNxApplication } from '../../nx/build.ts';
import { development, isForDevelopment, watchesBuild } from '../development.ts';
import { callsPackageManager } from '../expand-command.ts';
import { inApp } from '../facts.ts';
import { nodeVersion } from '../node-version.ts';
import type { AppFacts, Preset } from '../preset.ts';
import { scriptText, serverPlan } from '../server-plan.ts';
import { parseStart } from '../start-command.ts';

/** A program for Node: built by its own script or not at all, started as its manifest says. */
export const node: Preset = {
  id: 'node',
  detect(app) {
    if (app.config.start !== undefined) return 'start command of the config';
    if (isServedByNx(app) && isNxApplication(app.importer, app.files)) return undefined;
    const name = startName(app);
    return name === undefined ? undefined : `${name} script: ${app.importer.manifest.scripts?.[name]}`;
  },
  plan(app) {
    const { manifest } = app.importer;
    const name = startName(app);
    const text = name === undefined ? undefined : scriptText(app, name);
    const script = text === undefined ? undefined : parseStart(text);
    const main = typeof manifest.main === 'string' ? ['node', manifest.main] : undefined;
    const diagnostics = app.config.start === undefined && text !== undefined ? troubles(app, text) : [];
    const serves = app.config.start !== undefined || script !== undefined;
    return serverPlan(app, { command: script?.words ?? main, env: script?.env ?? {}, port: serves ? 3000 : undefined, diagnostics });
  },
};

/**
 * The script that starts the app: where `start` is for development, one that says it is for production. Undefined for a package whose script
 * only builds again at each change, and for a library that has a server to try it with.
 */
function startName(app: AppFacts): string | undefined {
  const start = scriptText(app, 'start');
  if (start === undefined) return undefined;
  const forProduction = ['start:prod', 'start:production'].find((name) => scriptText(app, name) !== undefined);
  if (watchesBuild(start)) return forProduction;
  if (!isForDevelopment(start)) return 'start';
  return forProduction ?? (app.shared || isPublished(app) ? undefined : 'start');
}

/** By its target for development, which builds what it serves: the program is what Nx builds. */
function isServedByNx(app: AppFacts): boolean {
  return /^\s*nx\s+(?:run\s+\S+:)?(?:serve|dev)\b/.test(scriptText(app, 'start') ?? '');
}

function isPublished({ importer: { manifest } }: AppFacts): boolean {
  return manifest.private !== true && (manifest.main ?? manifest.exports ?? manifest.bin) !== undefined;
}

/** Programs that run an app and do not come with Node; a registry has some of them as packages too. */
const otherRuntime = /^(?:\w+=\S*\s+)*(deno|dotnet|go|java|php|python3?|ruby)(?=\s|$)/;

/** What keeps such a program from starting in its image as it should: each trouble with its code, message and hint. */
function troubles(app: AppFacts, text: string): Diagnostic[] {
  const { words } = parseStart(text);
  const { manifest, name } = app.importer;
  const left = wordsOf(words).find((word) => manifest.devDependencies?.[word] !== undefined && manifest.dependencies?.[word] === undefined);
  const node = nodeVersion(app).major;
  const runtime = otherRuntime.exec(text)?.[1];
  const found = [
    {
      isThere: development.test(text),
      code: 'start-for-development',
      message: `The start script of ${name} is for development: ${text}`,
      hint: 'Name what runs its build as "start" in the config; of a front end its files: "preset": "static", "output" and "fallback".',
    },
    {
      isThere: callsPackageManager(text),
      code: 'start-calls-package-manager',
      message: `${name} starts by a package manager, and the image has none: ${text}`,
      hint: 'Name the program itself as "start" in the config, or in the script.',
    },
    {
      isThere: runtime !== undefined && manifest.dependencies?.[runtime] === undefined && manifest.devDependencies?.[runtime] === undefined,
      code: 'start-program-missing',
      message: `${name} starts by ${runtime}, which no image for Node has: ${text}`,
      hint: 'Put it into the image by a stage of stowage.Dockerfile, or name another command as "start" in the config.',
    },
    {
      isThere: left !== undefined,
      code: 'start-needs-dev-dependency',
      message: `${name} starts by ${left}, which is a devDependency: the image has none.`,
      hint: `Move ${left} to "dependencies", or start what a build makes.`,
    },
    {
      isThere: node < 22 && startsTypeScript(words),
      code: 'node-runs-no-typescript',
      message: `${name} starts TypeScript, and Node ${node} runs none.`,
      hint: 'Allow Node 22 or later in "engines", or start what a build makes.',
    },
  ];
  const file = inApp(app, 'package.json');
  return found.filter(({ isThere }) => isThere).map(({ code, message, hint }) => ({ level: 'warning', code, message, hint, file }));
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
