import { posix } from 'node:path';
import { ownership } from '../paths.ts';
import type { PlacedChange } from './change.ts';
import { fileChanges } from './file-changes.ts';
import { type DifferingFile, differingFiles, type PlannedApp } from './planned-app.ts';
import { type Ways, waysOf } from './ways.ts';

const stage = 'stowage-src';

/** What differs in the sources; of a package that came into the closure or left it, only that. */
export function sourceChanges(before: PlannedApp, after: PlannedApp): PlacedChange[] {
  const differing = differingFiles('src', before, after);
  if (differing.length === 0) return [];
  const [old, now] = [sideOf(before), sideOf(after)];
  return differing.flatMap((file): PlacedChange[] => {
    const side = file.after === undefined ? old : now;
    const other = file.after === undefined ? now : old;
    const owner = side.ownerOf(file.path);
    const member = side.app.plan.closure.build.includes(owner);
    const path = member ? side.ways.toImporter(owner) : becauseOf(file, side.app);
    if (member && !other.app.plan.closure.build.includes(owner)) return [moved(owner, file, path ?? [])];
    const byKey = posix.basename(file.path) === 'package.json';
    // what the root's manifest says to the install too is one change
    const shared = file.path === 'package.json' && owner === '.' ? ({ kind: 'manifest', path: side.ways.toImporter('.') ?? [] } as const) : undefined;
    return fileChanges(file, { before, after }, { ...(shared ?? { kind: member ? 'source' : 'root file', path: path ?? [] }), stage, byKey });
  });
}

interface Side {
  readonly app: PlannedApp;
  readonly ways: Ways;
  readonly ownerOf: (path: string) => string;
}

function sideOf(app: PlannedApp): Side {
  const { importers } = app.workspace;
  return { app, ways: waysOf({ closure: app.plan.closure, resolutions: [], importers, mode: 'deps' }), ownerOf: ownership(importers) };
}

function moved(owner: string, { after }: DifferingFile, way: readonly string[]): PlacedChange {
  return { kind: 'workspace', how: after === undefined ? 'removed' : 'added', what: owner, path: way.slice(0, -1), stage };
}

function becauseOf({ path }: DifferingFile, { plan }: PlannedApp): readonly string[] | undefined {
  const found = plan.rootFiles.find((file) => file.path === path);
  return found === undefined ? undefined : [found.because];
}
