import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin } from '../../tests/kit/cli.ts';
import { execQuietly, type Measured, type Timed, timed } from './build-record.ts';
import type { Checkout } from './checkout.ts';
import type { RealApp } from './real-app.ts';

/** One of the two ways to pack an app: from a checkout to an image in the engine. */
export interface Side {
  readonly name: 'stowage' | 'expert';
  build(tag: string, measured: Measured): Promise<Timed>;
  dockerfile(): string;
  close(): void;
}

/** `stowage build`, as a user runs it. */
export function stowageSide({ app }: RealApp, checkout: Checkout): Side {
  return {
    name: 'stowage',
    build: (tag, measured) =>
      timed(measured, (words) => execQuietly(process.execPath, [bin, 'build', app, `--tag=${tag}`, '--', ...words], checkout.folder)),
    dockerfile: () => execFileSync(process.execPath, [bin, 'dockerfile', app, '--quiet'], { cwd: checkout.folder, encoding: 'utf8' }),
    close: () => {},
  };
}

/** The expert's Dockerfile on a context that `turbo prune` makes: `json/`, `full/` and, where the builds read root files, `root/`. */
export function expertSide(real: RealApp, checkout: Checkout, experts: string): Side {
  const dockerfile = join(experts, `${real.id.replaceAll('/', '-')}.Dockerfile`);
  const context = mkdtempSync(join(tmpdir(), 'stowage-expert-'));
  const turbo = programOf('turbo@2.11.11', 'turbo');
  return {
    name: 'expert',
    build(tag, measured) {
      complete(real, checkout.folder);
      return timed(measured, async (words) => {
        await makeContext(real, checkout.folder, context, turbo);
        await execQuietly('docker', ['buildx', 'build', '--load', `--tag=${tag}`, `--file=${dockerfile}`, ...words, context], context);
      });
    },
    dockerfile: () => readFileSync(dockerfile, 'utf8'),
    close: () => rmSync(context, { recursive: true, force: true }),
  };
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
  for (const path of expert.rootFiles ?? []) cpSync(join(repository, path), join(context, 'root', path), { recursive: true, verbatimSymlinks: true });
  if (expert.relock === undefined) return;
  const [lockfile, program, ...args] = expert.relock as [string, string, ...string[]];
  cpSync(join(repository, lockfile), join(context, 'json', lockfile));
  await execQuietly(program, args, join(context, 'json'));
}

/** Path of a program of the registry, fetched once by npx. */
function programOf(spec: string, name: string): string {
  return execFileSync('npx', ['--yes', `--package=${spec}`, '-c', `command -v ${name}`], { cwd: tmpdir(), encoding: 'utf8' }).trim();
}
