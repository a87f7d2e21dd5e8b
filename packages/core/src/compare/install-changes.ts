import type { PackPlan, Resolution } from '../model.ts';
import { byCodeUnit } from '../order.ts';
import { ownership } from '../paths.ts';
import type { PlacedChange } from './change.ts';
import { fileChanges } from './file-changes.ts';
import { type DifferingFile, differingFiles, type PlannedApp } from './planned-app.ts';
import { type Mode, type Ways, waysOf } from './ways.ts';

interface Sides {
  readonly before: PlannedApp & { readonly ways: Ways };
  readonly after: PlannedApp & { readonly ways: Ways };
}

/** What differs in what one install reads: packages first; where these are alike, the very keys of manifests, settings and lockfile. */
export function installChanges(mode: Mode, before: PlannedApp, after: PlannedApp): PlacedChange[] {
  const differing = differingFiles(mode, before, after);
  if (differing.length === 0) return [];
  const sides = { before: withWays(before, mode), after: withWays(after, mode) };
  const stage = `stowage-${mode}`;
  const members = memberChanges(mode, sides).map((change) => ({ ...change, stage }));
  const packages = isLocked(differing, sides) ? packageChanges(mode, sides).map((change) => ({ ...change, stage })) : [];
  const explained = members.length > 0 || packages.length > 0;
  const moved = new Set(members.map(({ what }) => what));
  const others = differing.filter((file) => !moved.has(ownerOf(file, sides)) && !(explained && isLockfile(file, sides)));
  return [...members, ...packages, ...others.flatMap((file) => changesOf(file, sides, stage))];
}

function withWays(app: PlannedApp, mode: Mode): PlannedApp & { readonly ways: Ways } {
  const { closure, resolutions } = app.plan;
  return { ...app, ways: waysOf({ closure, resolutions, importers: app.workspace.importers, mode }) };
}

function changesOf(file: DifferingFile, sides: Sides, stage: string): PlacedChange[] {
  const side = file.after === undefined ? sides.before : sides.after;
  const way = side.ways.toImporter(ownerOf(file, sides)) ?? [];
  const manifest = /(^|\/)package\.json$/.test(file.path);
  const kind = isLockfile(file, sides) ? 'lockfile' : manifest ? 'manifest' : 'setting';
  return fileChanges(file, sides, { kind, path: way, stage, byKey: !file.path.startsWith('patches/') });
}

function isLockfile({ path }: DifferingFile, { before, after }: Sides): boolean {
  return path === before.workspace.lockfile.path || path === after.workspace.lockfile.path;
}

function isLocked(differing: readonly DifferingFile[], sides: Sides): boolean {
  return differing.some((file) => isLockfile(file, sides));
}

function ownerOf({ path, after }: DifferingFile, sides: Sides): string {
  return ownership((after === undefined ? sides.before : sides.after).workspace.importers)(path);
}

type Unplaced = Omit<PlacedChange, 'stage'>;

function memberChanges(mode: Mode, { before, after }: Sides): Unplaced[] {
  const membersOf = ({ closure }: PackPlan): readonly string[] => (mode === 'deps' ? closure.build : closure.runtime);
  const come = membersOf(after.plan).filter((id) => !membersOf(before.plan).includes(id));
  const gone = membersOf(before.plan).filter((id) => !membersOf(after.plan).includes(id));
  return [
    ...come.map((id): Unplaced => ({ kind: 'workspace', how: 'added', what: id, path: (after.ways.toImporter(id) ?? []).slice(0, -1) })),
    ...gone.map((id): Unplaced => ({ kind: 'workspace', how: 'removed', what: id, path: (before.ways.toImporter(id) ?? []).slice(0, -1) })),
  ];
}

function packageChanges(mode: Mode, { before, after }: Sides): Unplaced[] {
  const [old, now] = [versionsOf(mode, before.plan), versionsOf(mode, after.plan)];
  return [...new Set([...old.keys(), ...now.keys()])].sort(byCodeUnit).flatMap((name) => {
    const [was, is] = [old.get(name) ?? [], now.get(name) ?? []];
    const gone = was.filter((version) => !is.includes(version));
    const come = is.filter((version) => !was.includes(version));
    const [from, to] = [gone[0], come[0]];
    const needing = (ways: Ways, version: string): readonly string[] => (ways.toPackage(name, version) ?? []).slice(0, -1);
    if (gone.length === 1 && come.length === 1 && from !== undefined && to !== undefined)
      return [{ kind: 'dependency', how: 'changed', what: name, before: from, after: to, path: needing(after.ways, to) } satisfies Unplaced];
    return [
      ...gone.map((version): Unplaced => ({ kind: 'dependency', how: 'removed', what: name, before: version, path: needing(before.ways, version) })),
      ...come.map((version): Unplaced => ({ kind: 'dependency', how: 'added', what: name, after: version, path: needing(after.ways, version) })),
    ];
  });
}

function versionsOf(mode: Mode, { resolutions }: PackPlan): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, string[]>();
  const installed = resolutions.filter(({ runtime }: Resolution) => mode === 'deps' || runtime);
  for (const { name, version } of installed) versions.set(name, [...(versions.get(name) ?? []), version]);
  return versions;
}
