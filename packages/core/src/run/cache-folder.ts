import { createHash } from 'node:crypto';
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
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

/** A month, in milliseconds. */
const kept = 30 * 24 * 60 * 60 * 1000;

/** Removes the folders of builds that were last written a month ago, of whatever workspace: each is written anew where it is asked for again. */
export async function removeOldBuilds(now = Date.now()): Promise<void> {
  const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
  const builds = cacheFolder('build');
  for (const workspace of await namesIn(builds)) {
    for (const app of await namesIn(join(builds, workspace))) {
      const folder = join(builds, workspace, app);
      const written = await stat(folder).then(
        ({ mtimeMs }) => mtimeMs,
        () => now,
      );
      if (now - written > kept) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
    await rmdir(join(builds, workspace)).catch(() => undefined); // there are others in it
  }
}

/** The folder that keeps what was read of a workspace's sources. */
export function importCachePath(root: string): string {
  return cacheFolder('imports', workspaceKey(root));
}

function workspaceKey(root: string): string {
  return `${basename(root)}-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`;
}
