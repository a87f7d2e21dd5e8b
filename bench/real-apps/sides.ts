import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants, cpSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin } from '../../tests/kit/cli.ts';
import { execQuietly, type Measured, type Timed, timed } from './build-record.ts';
import type { Checkout } from './checkout.ts';
import { isMadeImage, makeImage } from './made-images.ts';
import { ownSteps } from './own-steps.ts';
import type { RealApp } from './real-app.ts';

export type SideName = 'stowage' | 'expert' | 'own';

/** One of the ways to pack an app: from a checkout to an image in the engine. */
export interface Side {
  readonly name: SideName;
  readonly checkout: Checkout;
  build(tag: string, measured: Measured): Promise<Timed>;
  /** Digests of the parts of the build context, each of which the Dockerfile copies as a whole: an unchanged part changes no layer. */
  parts(): Promise<ReadonlyMap<string, string>>;
  dockerfile(): string;
  close(): void;
}

/** `stowage build`, as a user runs it. */
export function stowageSide({ app }: RealApp, checkout: Checkout): Side {
  const out = mkdtempSync(join(tmpdir(), 'stowage-packed-'));
  return {
    name: 'stowage',
    checkout,
    build: (tag, measured) =>
      timed(measured, (words) => execQuietly(process.execPath, [bin, 'build', app, `--tag=${tag}`, '--', ...words], checkout.folder)),
    async parts() {
      await execQuietly(process.execPath, [bin, 'prune', app, `--out=${out}`, '--quiet'], checkout.folder);
      return digests(out, ['deps', 'prod', 'src', 'Dockerfile']);
    },
    dockerfile: () => execFileSync(process.execPath, [bin, 'dockerfile', app, '--quiet'], { cwd: checkout.folder, encoding: 'utf8' }),
    close: () => rmSync(out, { recursive: true, force: true }),
  };
}

/** The expert's Dockerfile on a context that `turbo prune` makes: `json/`, `full/` and, where the builds read root files, `root/`. */
export function expertSide(real: RealApp, checkout: Checkout, experts: string): Side {
  const dockerfile = join(experts, `${real.id.replaceAll('/', '-')}.Dockerfile`);
  const context = mkdtempSync(join(tmpdir(), 'stowage-expert-'));
  const turbo = programOf('turbo@2.11.11', 'turbo');
  const prune = (): Promise<void> => {
    complete(real, checkout.folder);
    return makeContext(real, checkout.folder, context, turbo);
  };
  return {
    name: 'expert',
    checkout,
    build: (tag, measured) =>
      timed(measured, async (words) => {
        await prune();
        await execQuietly('docker', ['buildx', 'build', '--load', `--tag=${tag}`, `--file=${dockerfile}`, ...words, context], context);
      }),
    async parts() {
      await prune();
      return digests(context, ['json', 'full', 'root']);
    },
    dockerfile: () => readFileSync(dockerfile, 'utf8'),
    close: () => rmSync(context, { recursive: true, force: true }),
  };
}

/**
 * The repository's own Dockerfile on the repository, but for two things: other images stand in for its bases, and the `syntax` line, which
 * names an image too, is left out. Its parts are its installs and its builds (own-steps.ts).
 */
export function ownSide({ own }: RealApp, checkout: Checkout): Side {
  if (own === undefined) throw new Error('no Dockerfile of its own');
  const scratch = mkdtempSync(join(tmpdir(), 'stowage-own-'));
  const dockerfile = join(scratch, 'Dockerfile');
  const text = readFileSync(join(checkout.folder, own.dockerfile), 'utf8').replace(/^# *syntax=.*\n/m, '');
  writeFileSync(dockerfile, text);
  const ignore = join(checkout.folder, `${own.dockerfile}.dockerignore`);
  if (existsSync(ignore)) for (const name of ['Dockerfile', 'Steps']) cpSync(ignore, join(scratch, `${name}.dockerignore`));
  const bases = Object.entries(own.bases).map(([base, image]) => [base, isMadeImage(image) ? makeImage(image) : image] as const);
  const contexts = bases.map(([base, image]) => `--build-context=${base}=docker-image://${image}`);
  const steps = ownSteps(text, scratch);
  return {
    name: 'own',
    checkout,
    build: (tag, measured) =>
      timed(measured, (more) =>
        execQuietly('docker', ['buildx', 'build', '--load', `--tag=${tag}`, `--file=${dockerfile}`, ...contexts, ...more, '.'], checkout.folder),
      ),
    parts: () => steps(contexts, checkout.folder),
    dockerfile: () => bases.reduce((all, [base, image]) => all.replaceAll(base, image), withDefaults(text)),
    close: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

/** Build arguments by their defaults. */
function withDefaults(text: string): string {
  return text.replace(/\$\{(\w+)\}/g, (reference, name) => new RegExp(`^ARG ${name}=(\\S+)`, 'm').exec(text)?.[1] ?? reference);
}

/** What BuildKit keys a copied folder by: paths, modes and contents. */
function digests(folder: string, names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.filter((name) => existsSync(join(folder, name))).map((name) => [name, digestOf(join(folder, name))]));
}

function digestOf(path: string): string {
  const hash = createHash('sha256');
  const add = (each: string): void => {
    const { mode } = lstatSync(each);
    hash.update(`${each.slice(path.length)}\0${mode}\0`);
    if ((mode & constants.S_IFMT) === constants.S_IFLNK) hash.update(readlinkSync(each));
    else if ((mode & constants.S_IFMT) !== constants.S_IFDIR) hash.update(readFileSync(each));
    else for (const name of readdirSync(each).sort()) if (name !== '.git') add(join(each, name));
  };
  add(path);
  return hash.digest('hex');
}

/** `turbo prune` asks for a turbo.json and for the package manager. */
function complete({ packageManager }: RealApp, folder: string): void {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (packageManager !== undefined && manifest.packageManager === undefined)
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, packageManager }, null, 2));
  if (!existsSync(join(folder, 'turbo.json'))) writeFileSync(join(folder, 'turbo.json'), '{ "tasks": { "build": {} } }\n');
}

async function makeContext({ app, expert }: RealApp, repository: string, context: string, turbo: string): Promise<void> {
  const out = join(context, 'out');
  for (const folder of ['out', 'json', 'full', 'root']) rmSync(join(context, folder), { recursive: true, force: true });
  await execQuietly(turbo, ['prune', app, ...(expert.packages ?? []), '--docker', '--skip-infer', `--out-dir=${out}`], repository, {
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  });
  for (const folder of ['json', 'full']) cpSync(join(out, folder), join(context, folder), { recursive: true, verbatimSymlinks: true });
  rmSync(out, { recursive: true, force: true });
  for (const path of expert.rootFiles ?? []) cpSync(join(repository, path), join(context, 'root', path), { recursive: true, verbatimSymlinks: true });
  if (expert.relock === undefined) return;
  const [program = '', ...args] = expert.relock.command;
  cpSync(join(repository, expert.relock.lockfile), join(context, 'json', expert.relock.lockfile));
  await execQuietly(program, args, join(context, 'json'));
}

/** Path of a program of the registry, fetched once by npx. */
function programOf(spec: string, name: string): string {
  return execFileSync('npx', ['--yes', `--package=${spec}`, '-c', `command -v ${name}`], { cwd: tmpdir(), encoding: 'utf8' }).trim();
}
