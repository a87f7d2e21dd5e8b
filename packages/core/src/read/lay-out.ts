import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Files } from '../model.ts';
import { withoutByteOrderMark } from '../text.ts';

/** Lays out, for the time of `work`, what tells the members of a workspace: the list of pnpm, and of each manifest what a search by globs looks at. */
export function inLaidOutFolder<Result>(files: Files, work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-'));
  try {
    for (const { path } of files.list) {
      const name = basename(path);
      if (name !== 'package.json' && name !== 'pnpm-workspace.yaml') continue;
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), name === 'package.json' ? outline(files.read(path) ?? '') : (files.readBytes(path) ?? ''));
    }
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One that does not parse is told of where it is read, if it is a member's at all. */
function outline(manifest: string): string {
  try {
    return JSON.stringify({ workspaces: JSON.parse(withoutByteOrderMark(manifest)).workspaces });
  } catch {
    return '{}';
  }
}
