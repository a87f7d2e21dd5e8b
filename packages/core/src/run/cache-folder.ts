import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/**
 * Where Stowage keeps what it can make again: below `$XDG_CACHE_HOME`, else `~/.cache`, never in the repository.
 */
function cacheFolder(...parts: readonly string[]): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'stowage', ...parts);
}

/** The folder that `build` writes an app's plan to. */
export function buildFolder(root: string, appId: string): string {
  return cacheFolder('build', workspaceKey(root), appId === '.' ? 'root' : appId.replaceAll('/', '+'));
}

/** The folder that keeps what was read of a workspace's sources. */
export function importCachePath(root: string): string {
  return cacheFolder('imports', workspaceKey(root));
}

function workspaceKey(root: string): string {
  return `${basename(root)}-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`;
}
