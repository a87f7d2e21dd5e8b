import type { Change } from './compare/change.ts';
import { comparePlans } from './compare/compare-plans.ts';
import { StowageError } from './errors.ts';
import { importersById } from './importers.ts';
import { listApps } from './list-apps.ts';
import type { Importer, PackPlan, Workspace } from './model.ts';

/** A workspace and what plans its apps. */
export interface Side {
  readonly workspace: Workspace;
  readonly pack: (app: Importer) => Promise<PackPlan>;
}

export interface AppName {
  readonly id: string;
  readonly name: string;
}

/** An app whose image differs from the base's. */
export interface AffectedApp extends AppName {
  /** `unknown`: the base, or this app of it, cannot be planned, so that the app counts as changed. */
  readonly reason: 'changed' | 'new' | 'unknown';
  /** The identity of the image as it is now. */
  readonly identity: string;
  /** The shortest first; empty unless `changed`. */
  readonly changes: readonly Change[];
  /** Why it is `unknown`. */
  readonly problem?: string;
}

export interface Affected {
  /** Sorted by id, as all lists here. */
  readonly apps: readonly AffectedApp[];
  readonly unaffected: readonly AppName[];
  /** Apps of the base that are no more. */
  readonly removed: readonly AppName[];
}

/**
 * The apps whose image is not the base's: their plans are made on both sides and compared, each side read once. Without a base every app
 * counts as changed, for the reason given.
 * @param only ids of apps to look at; all that `listApps` finds where it is missing
 * @throws StowageError what `pack` throws for an app as it is now, and what `listApps` throws of either side
 */
export async function affectedApps(head: Side, base: Side | { readonly unknown: string }, only?: readonly string[]): Promise<Affected> {
  const idsOf = ({ workspace }: Side): ReadonlySet<string> => new Set(listApps(workspace).map(({ id }) => id));
  const asked = new Set(only ?? idsOf(head));
  const before = 'unknown' in base ? new Set<string>() : idsOf(base);
  const apps: AffectedApp[] = [];
  const unaffected: AppName[] = [];
  for (const app of head.workspace.importers.filter(({ id }) => asked.has(id))) {
    const found = await compareApp(app, head, base, before);
    if (found === undefined) unaffected.push(named(app));
    else apps.push(found);
  }
  const gone = (id: string): boolean => before.has(id) && !asked.has(id) && only === undefined;
  return { apps, unaffected, removed: 'unknown' in base ? [] : base.workspace.importers.filter(({ id }) => gone(id)).map(named) };
}

function named({ id, name }: Importer): AppName {
  return { id, name };
}

async function compareApp(
  app: Importer,
  head: Side,
  base: Side | { readonly unknown: string },
  before: ReadonlySet<string>,
): Promise<AffectedApp | undefined> {
  const after = await head.pack(app);
  const told = { id: app.id, name: app.name, identity: after.identities.image };
  if ('unknown' in base) return { ...told, reason: 'unknown', changes: [], problem: base.unknown };
  const earlier = importersById(base.workspace.importers).get(app.id);
  if (earlier === undefined || !before.has(app.id)) return { ...told, reason: 'new', changes: [] };
  const plan = await base.pack(earlier).catch((error: unknown) => {
    if (error instanceof StowageError) return error;
    throw error;
  });
  if (plan instanceof StowageError) return { ...told, reason: 'unknown', changes: [], problem: plan.message };
  const changes = comparePlans({ plan, workspace: base.workspace }, { plan: after, workspace: head.workspace });
  return changes.length === 0 ? undefined : { ...told, reason: 'changed', changes };
}
