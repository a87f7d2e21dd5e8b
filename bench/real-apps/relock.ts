import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkout } from './checkout.ts';
import type { Bump, Change, Edit, RealApp } from './real-app.ts';

/** Files as they are after a change, by path. */
export type Changed = ReadonlyMap<string, string>;

/** What mending a repository changes of it; all its checkouts are given the same bytes. */
export function mend({ mend: commands = [] }: RealApp, checkout: Checkout): Changed {
  for (const command of commands) checkout.run(command);
  return checkout.changed();
}

/** Makes changes of an app once, in a checkout, so that all sides are given the same bytes. */
export function makeChanges(real: RealApp, checkout: Checkout, wanted: readonly Change[]): ReadonlyMap<Change, Changed> {
  return new Map(
    wanted.map((change) => {
      apply(real, checkout, real.changes[change]);
      const files = checkout.changed();
      checkout.restore();
      return [change, files];
    }),
  );
}

function apply(real: RealApp, checkout: Checkout, change: Edit | Bump): void {
  if ('path' in change) {
    checkout.edit(change);
    return;
  }
  const { manifest, dependency, before, after } = change;
  checkout.edit({ path: manifest, before: `"${dependency}": "${before}"`, after: `"${dependency}": "${after}"` });
  if (existsSync(join(checkout.folder, 'yarn.lock')) && real.relock === undefined) relockClassic(checkout.folder, change);
  else checkout.run(real.relock ?? []);
}

/**
 * yarn 1 makes a lockfile by a whole install only. Without it the new entry is known where the lockfile has it already, and of a package
 * without dependencies: version, address and checksum, which the registry tells.
 */
function relockClassic(checkout: string, { dependency, before, after }: Bump): void {
  const file = join(checkout, 'yarn.lock');
  const lock = readFileSync(file, 'utf8');
  const key = (range: string): string => (dependency.startsWith('@') ? `"${dependency}@${range}":` : `${dependency}@${range}:`);
  const entry = new RegExp(`^${key(before).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\n(?: +\\S.*\n)+`, 'm');
  const old = entry.exec(lock)?.[0];
  if (old === undefined) throw new Error(`yarn.lock has no entry ${key(before)} of its own`);
  if (lock.includes(`\n${key(after)}\n`)) {
    writeFileSync(file, lock.replace(`${old}\n`, ''));
    return;
  }
  if (old.includes('\n  dependencies:\n')) throw new Error(`${dependency} has dependencies, which yarn.lock would have to hold`);
  const version = after.replace(/^[\^~]/, '');
  const told = execFileSync('npm', ['view', `${dependency}@${version}`, 'dist', '--json'], { encoding: 'utf8' });
  const { shasum, integrity } = JSON.parse(told);
  const folder = /resolved "(.*\/-\/)/.exec(old)?.[1];
  const resolved = `${folder}${dependency.split('/').at(-1)}-${version}.tgz#${shasum}`;
  writeFileSync(
    file,
    lock.replace(old, () => `${key(after)}\n  version "${version}"\n  resolved "${resolved}"\n  integrity ${integrity}\n`),
  );
}
