/**
 * Real apps, from a checkout to a container that answers: `stowage build` against an expert's Dockerfile and the repository's own, in one run.
 *
 *   REAL_APPS=DIR REAL_APPS_EXPERTS=DIR npx tsx bench/real-apps/run.ts [--builds | --contexts] [--only stowage|expert|own]
 *     [--without own] [--write] [plane/admin ...]
 *
 * REAL_APPS holds a git clone per repository, REAL_APPS_EXPERTS a `<case>-<app>.Dockerfile` per app; bench/README.md says more. --write puts
 * the rows into bench/README.md. Exits with 1 where an app does not build or answer, or an image adds more than 1.05 times the expert's.
 */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { buildProgram } from '../../tests/kit/cli.ts';
import { writeRows } from '../readme.ts';
import { realApps } from './cases.ts';
import { Checkout } from './checkout.ts';
import { compareContexts, measure, type Outcome, startMeasuring, timedBuilds } from './measure.ts';
import { changes, type RealApp } from './real-app.ts';
import { type Changed, makeChanges, mend } from './relock.ts';
import { contextsHeader, contextsRows, header, rowsOf } from './rows.ts';
import { expertSide, ownSide, type Side, type SideName, stowageSide } from './sides.ts';

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    without: { type: 'string' },
    builds: { type: 'boolean', default: false },
    contexts: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const { REAL_APPS: clones, REAL_APPS_EXPERTS: experts } = process.env;
  if (clones === undefined || experts === undefined) throw new Error('REAL_APPS and REAL_APPS_EXPERTS must name folders: see bench/README.md');
  const chosen = realApps.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  if (chosen.length === 0) throw new Error(`no such app: ${wanted.join(', ')}; there are ${realApps.map(({ id }) => id).join(', ')}`);
  await buildProgram();
  let well = true;
  for (const real of chosen) {
    const outcomes = await measureApp(real, clones, experts);
    const timed = options.contexts || options.only === 'own' ? [] : rowsOf(real, outcomes);
    const compared = options.builds ? [] : contextsRows(real, outcomes);
    console.log([...timed, ...compared].join('\n'));
    if (options.write) {
      writeRows('real-apps', header, timed);
      writeRows('real-apps-contexts', contextsHeader, compared);
    }
    const { stowage: ours, expert: theirs } = outcomes;
    if (options.contexts || options.only === 'own') continue;
    well &&= ours?.failed === undefined && (theirs?.failed !== undefined || (ours?.added ?? 0) <= (theirs?.added ?? Infinity) * 1.05);
  }
  return well ? 0 : 1;
}

type Outcomes = Partial<Record<SideName, Outcome>>;

/** All sides of one app, each scenario of one right after that of the other, so that they meet a like load. */
async function measureApp(real: RealApp, clones: string, experts: string): Promise<Outcomes> {
  const checkouts: Checkout[] = [];
  let mended: Changed | undefined;
  const checkOut = (): Checkout => {
    const checkout = new Checkout(real, clones);
    checkouts.push(checkout);
    mended ??= mend(real, checkout);
    checkout.settle(mended);
    return checkout;
  };
  const makers: Record<SideName, () => Side> = {
    stowage: () => {
      const checkout = checkOut();
      checkout.configure(real);
      return stowageSide(real, checkout);
    },
    expert: () => expertSide(real, checkOut(), experts),
    own: () => ownSide(real, checkOut()),
  };
  const names = (['stowage', 'expert', ...(real.own === undefined ? [] : (['own'] as const))] as const).filter(
    (name) => (options.only ?? name) === name && name !== options.without,
  );
  try {
    const asked = options.builds ? changes.filter((change) => (timedBuilds as readonly string[]).includes(change)) : changes;
    const changed = makeChanges(real, checkOut(), asked);
    const stores = randomUUID();
    const measured = names.map((name) => startMeasuring(real, makers[name](), `${stores}-${name}`));
    try {
      if (!options.builds) await compareContexts(real, measured, changed);
      if (!options.contexts) await measure(real, measured, changed);
    } finally {
      for (const { side, running } of measured) {
        running.close();
        side.close();
      }
    }
    return Object.fromEntries(measured.map(({ side, outcome }) => [side.name, outcome]));
  } finally {
    for (const checkout of checkouts) checkout.remove();
    if (!options.contexts) removeImages(real);
  }
}

function removeImages({ id }: RealApp): void {
  const images = execFileSync('docker', ['image', 'ls', '--quiet', `stowage-real-apps/${id.replace('/', '-')}`], { encoding: 'utf8' });
  const ids = [...new Set(images.split('\n').filter(Boolean))];
  if (ids.length > 0) execFileSync('docker', ['image', 'rm', '--force', ...ids], { stdio: 'ignore' });
}
