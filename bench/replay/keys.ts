import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Tracked } from './history.ts';

const lockfiles = /^(pnpm-lock\.yaml|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|bun\.lockb?)$/;
const settings = /^(\.npmrc|\.yarnrc(\.yml)?|pnpm-workspace\.yaml|bunfig\.toml|\.pnpmfile\.[cm]?js)$/;

/** What a hand-written Dockerfile copies before its install: every manifest, the lockfile, settings and patches. */
export function isInstallInput({ path }: Tracked): boolean {
  const name = posix.basename(path);
  if (`/${path}`.includes('/node_modules/')) return false;
  return name === 'package.json' || (name === path && (lockfiles.test(name) || settings.test(name))) || /\.patch$|^\.yarn\/patches\//.test(path);
}

/** One key over paths, modes and contents. */
export function keyOf(files: readonly Tracked[]): string {
  const hash = createHash('sha256');
  for (const { path, mode, blob } of files) hash.update(`${mode} ${blob} ${path}\0`);
  return hash.digest('hex');
}
