/**
 * Invents repositories, has real package managers lock them, packs apps of them and asks the managers about each, until the time is up.
 *
 *   npm run fuzz -- [--minutes 10] [--manager pnpm|npm|yarn-classic|yarn-berry|bun]... [--release VERSION] [--seed N] [--write]
 *
 * With --seed only this one is tried, with all releases, and its folder kept. A failure is cut down and written to
 * tests/fuzz/regressions/. --write adds the counts to bench/README.md. Exits with 1 where something failed.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { PackageManagerId } from '@stowage/core';
import { type ExamineOptions, examine, type Outcome } from '../../tests/fuzz/examine.ts';
import { repositoryOf } from '../../tests/fuzz/invent-repository.ts';
import type { InventedRepository } from '../../tests/fuzz/invented.ts';
import { startRegistry } from '../../tests/fuzz/registry.ts';
import { shrink } from '../../tests/fuzz/shrink.ts';
import { isAvailable, releases } from '../../tests/fuzz/tools.ts';
import { rowsOf, writeRows } from '../readme.ts';

interface Counts {
  tried: number;
  skipped: number;
  apps: number;
  checks: number;
  installs: number;
  failed: number;
}

const regressions = fileURLToPath(new URL('../../tests/fuzz/regressions/', import.meta.url));
const columns = ['tried', 'skipped', 'apps', 'checks', 'installs', 'failed'] as const;
const header = [
  '| package manager | repositories tried | skipped | apps packed | frozen checks | frozen installs | failed |',
  '| --- | --- | --- | --- | --- | --- | --- |',
];
const minutesToShrink = 2;
/** The same bug fails often: of the failures of one check of a manager so many are cut down, of the others the seed is told. */
const mostShrunk = 2;
/** A long run that is killed has told most of what it tried; one that is interrupted, all. */
const minutesBetweenWrites = 5;
/** A disk in memory, where there is one. */
const within = existsSync('/dev/shm') ? { within: '/dev/shm' } : {};

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    manager: { type: 'string', multiple: true },
    release: { type: 'string' },
    seed: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
process.exitCode = await main();

async function main(): Promise<number> {
  const managers = Object.entries(releases)
    .filter(([id]) => options.manager?.includes(id) ?? true)
    .flatMap(([id, versions]) => versions.map((version) => ({ id: id as PackageManagerId, version })))
    .filter(({ version }) => options.release === undefined || version === options.release)
    .filter(isAvailable);
  const registry = await startRegistry();
  const counts = new Map<string, Counts>();
  let written = { counts: new Map<string, Counts>(), at: Date.now() };
  const write = (): void => {
    addCounts(since(counts, written.counts));
    written = { counts: structuredClone(counts), at: Date.now() };
  };
  process.once('SIGINT', () => {
    if (options.write) write();
    process.exit(130);
  });
  const seeds = seedsUntil(Date.now() + Number(options.minutes) * 60_000);
  const shrunk = new Map<string, number>();
  const kept = options.seed === undefined ? {} : { keep: (folder: string) => console.log(`kept: ${folder}`) };
  const turns = options.seed === undefined ? fairTurns(managers, seeds) : managers.map((manager) => ({ manager, seed: Number(options.seed) }));
  for (const { manager, seed } of turns) {
    const repository = repositoryOf(seed, manager);
    const name = `${manager.id} ${manager.version}`;
    const known = counts.get(name) ?? { tried: 0, skipped: 0, apps: 0, checks: 0, installs: 0, failed: 0 };
    counts.set(name, known);
    const ask = (candidate: InventedRepository, more: ExamineOptions = {}) => examine(candidate, registry, { ...within, ...more });
    const first = await ask(repository, { ...depthOf(seed), ...kept });
    // programs that get no processor time give up: what fails once only is no failure
    const outcome = first.kind === 'fail' ? await ask(repository, depthOf(seed)) : first;
    count(known, outcome);
    if (options.write && Date.now() - written.at > minutesBetweenWrites * 60_000) write();
    if (outcome.kind === 'skip') console.log(`skip ${name} seed ${seed}: ${outcome.why}`);
    if (outcome.kind !== 'fail') continue;
    console.log(`FAIL ${name} seed ${seed}: ${outcome.check}, ${outcome.app} ${outcome.mode}\n${outcome.detail.slice(0, 3000)}`);
    const kind = `${manager.id} ${outcome.check}`;
    shrunk.set(kind, (shrunk.get(kind) ?? 0) + 1);
    if ((shrunk.get(kind) ?? 0) > mostShrunk) continue;
    const only = outcome.app === '.' ? { apps: 0 } : { only: outcome.app };
    const small = await shrink(
      repository,
      outcome,
      (candidate) => ask(candidate, { ...depthOf(seed), ...only }),
      Date.now() + minutesToShrink * 60_000,
    );
    console.log(`kept as ${keep(small, outcome, seed)}`);
  }
  await registry.close();
  for (const [name, sums] of counts) console.log(`${name}: ${columns.map((column) => `${sums[column]} ${column}`).join(', ')}`);
  if (options.write) write();
  return [...counts.values()].some(({ failed }) => failed > 0) ? 1 : 0;
}

/** A thaw costs as much as all else, and a tree needs the whole repository installed: not every repository is asked everything. */
function depthOf(seed: number): ExamineOptions {
  if (options.seed !== undefined) return {};
  return { apps: seed % 5 === 0 ? Number.POSITIVE_INFINITY : 1, thawed: seed % 12 === 0, trees: seed % 3 === 0, outside: seed % 4 === 0 };
}

/** The manager that has had the fewest repositories comes next, and of its releases the one that has had the least time: slow ones get fewer. */
function* fairTurns(managers: readonly InventedRepository['manager'][], seeds: Iterable<number>) {
  const [turns, spent] = [new Map<string, number>(), new Map<string, number>()];
  const least = <Value>(list: readonly Value[], amountOf: (value: Value) => number | undefined): Value =>
    list.reduce((best, each) => ((amountOf(each) ?? 0) < (amountOf(best) ?? 0) ? each : best));
  for (const seed of seeds) {
    const { id } = least(managers, (each) => turns.get(each.id));
    const own = managers.filter((each) => each.id === id);
    const nameOf = ({ version }: InventedRepository['manager']) => `${id} ${version}`;
    const manager = least(own, (each) => spent.get(nameOf(each)));
    const start = Date.now();
    yield { manager, seed };
    turns.set(id, (turns.get(id) ?? 0) + 1);
    spent.set(nameOf(manager), (spent.get(nameOf(manager)) ?? 0) + Date.now() - start);
  }
}

/** New ones each time: what was tried before need not be tried again. */
function* seedsUntil(deadline: number): Generator<number> {
  for (let seed = Date.now() % 1_000_000_000; Date.now() < deadline; seed++) yield seed;
}

function count(counts: Counts, outcome: Outcome): void {
  counts.tried++;
  if (outcome.kind === 'skip') counts.skipped++;
  else if (outcome.kind === 'fail') counts.failed++;
  else {
    counts.apps += outcome.apps;
    counts.checks += outcome.checks;
    counts.installs += outcome.installs;
  }
}

/** What came to the counts since they were as given. */
function since(counts: ReadonlyMap<string, Counts>, before: ReadonlyMap<string, Counts>): ReadonlyMap<string, Counts> {
  return new Map(
    [...counts].map(([name, sums]) => {
      const known = before.get(name);
      return [name, Object.fromEntries(columns.map((column) => [column, sums[column] - (known?.[column] ?? 0)])) as unknown as Counts];
    }),
  );
}

function keep(repository: InventedRepository, { check }: Outcome & { kind: 'fail' }, seed: number): string {
  const path = join(regressions, `${repository.manager.id}-${check.replaceAll(' ', '-')}-${seed}.json`);
  mkdirSync(regressions, { recursive: true });
  writeFileSync(path, `${JSON.stringify(repository, null, 2)}\n`);
  return path;
}

/** The tables hold sums over all runs: of each release, and of all releases of a manager. */
function addCounts(counts: ReadonlyMap<string, Counts>): void {
  const known = new Map(rowsOf('fuzz').map(([name = '', ...cells]) => [name, cells.map((cell) => Number.parseInt(cell, 10))]));
  for (const [name, sums] of counts) {
    known.set(
      name,
      columns.map((column, index) => sums[column] + (known.get(name)?.[index] ?? 0)),
    );
  }
  writeRows('fuzz', header, [...known].map(rowOf));
  const managers = new Map<string, number[]>();
  for (const [name, sums] of known) {
    const manager = name.replace(/ .*/, '');
    managers.set(
      manager,
      sums.map((sum, index) => sum + (managers.get(manager)?.[index] ?? 0)),
    );
  }
  writeRows('fuzz-managers', header, [...managers].map(rowOf));
}

function rowOf([name, sums]: readonly [string, readonly number[]]): string {
  return `| ${[name, ...sums].join(' | ')} |`;
}
