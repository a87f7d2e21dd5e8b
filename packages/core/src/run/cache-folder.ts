import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/**
 * Where Stowage keeps what it can make again: below `$XDG_CACHE_HOME`, else `~/.cache`, never in the repository.
 * A workspace has a folder of its own there, told apart by its absolute path.
 */
export function cacheFolder(...parts: readonly string[]): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'stowage', ...parts);
}

/** The folder that `build` writes an app's plan to. */
export function buildFolder(root: string, appId: string): string {
  const workspace = `${basename(root)}-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`;
  return cacheFolder('build', workspace, appId === '.' ? 'root' : appId.replaceAll('/', '+'));
}
