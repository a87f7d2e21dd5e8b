import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeMonorepo } from '../../bench/kit/made-monorepo.ts';
import {
  affectedApps,
  listApps,
  packer,
  readWorkspace,
  readWorkspaceAt,
  type Side,
  type Workspace,
  writePlan,
} from '../../packages/core/src/index.ts';
import { type Dice, seeded } from '../fuzz/dice.ts';
import { Repository } from '../kit/repository.ts';
import { sameFolder } from '../kit/same-folder.ts';

const made = makeMonorepo(40);
const stepsOfHistory = 12;

/** Edits of a repository; each undefined where it cannot be made as the repository is now. */
const edits: Readonly<Record<string, (repository: Repository, dice: Dice, nth: number) => void>> = {
  'a source': (it, dice) => it.edit(dice.pick(sources(it)), (text) => `${text}// edited\n`),
  'a new source': (it, dice, nth) => it.write(`${dirname(dice.pick(sources(it)))}/new-${nth}.ts`, 'export {};\n'),
  'a source gone': (it, dice) => rmSync(join(it.folder, dice.pick(sources(it)))),
  'a source renamed': (it, dice, nth) => {
    const path = join(it.folder, dice.pick(sources(it)));
    renameSync(path, join(dirname(path), `renamed-${nth}.ts`));
  },
  'a mode': (it, dice) => {
    const path = join(it.folder, dice.pick(sources(it)));
    chmodSync(path, lstatSync(path).mode ^ 0o111);
  },
  'a link': (it, dice, nth) => {
    const path = dice.pick(sources(it));
    symlinkSync(relative(dirname(path), path), join(it.folder, dirname(path), `link-${nth}.ts`));
  },
  'the version of a manifest': (it, dice, nth) => editJson(it, dice.pick(manifests(it)), (manifest) => ({ ...manifest, version: `1.0.${nth + 1}` })),
  'a script of a manifest': (it, dice, nth) =>
    editJson(it, dice.pick(manifests(it)), (manifest) => ({ ...manifest, scripts: { ...manifest.scripts, lint: `lint ${nth}` } })),
  'an import that no manifest declares': (it, dice) =>
    it.edit(dice.pick(sources(it)), (text) => `import '@made/lib-${dice.between(0, 30)}';\n${text}`),
  'a dependency': (it, dice) => bump(it, dice),
  'the integrity of a locked package': (it, dice) => {
    const entries = it.read('pnpm-lock.yaml').match(/integrity: sha512-\S+}/g) ?? [];
    const entry = dice.pick(entries);
    it.edit('pnpm-lock.yaml', (text) => text.replace(entry, `${entry.slice(0, -4)}${entry.at(-4) === 'A' ? 'B' : 'A'}${entry.slice(-3)}`));
  },
  'a file that many packages extend': (it, _, nth) =>
    editJson(it, 'tsconfig.base.json', (config) => ({ ...config, compilerOptions: { strict: true, target: `es20${20 + nth}` } })),
  'a root file that nothing reads': (it, _, nth) => it.write('NOTES.md', `${nth}\n`),
  'a setting of the install': (it, dice) => it.write('.npmrc', `public-hoist-pattern=*${dice.between(1, 1000)}*\n`),
  'the config of one app': (it, dice) =>
    it.write('stowage.json', JSON.stringify({ apps: { 'app-1': { env: { LEVEL: String(dice.between(1, 1000)) } } } })),
  'the root manifest': (it, _, nth) => editJson(it, 'package.json', (manifest) => ({ ...manifest, scripts: { build: `turbo run build # ${nth}` } })),
  'a new package': (it, dice, nth) => addPackage(it, dice, nth),
  'a package gone': (it, dice) => removePackage(it, dice),
};

function listed(it: Repository, pattern: RegExp): string[] {
  const listing = it.git('ls-files', '--cached', '--others', '--exclude-standard').split('\n');
  return listing.filter((path) => pattern.test(path) && lstatSync(join(it.folder, path), { throwIfNoEntry: false })?.isFile());
}

const sources = (it: Repository): string[] => listed(it, /part-\d\.ts$/);
const manifests = (it: Repository): string[] => listed(it, /^(apps|packages)\/.*package\.json$/);

// biome-ignore lint/suspicious/noExplicitAny: JSON of any form
function editJson(it: Repository, path: string, change: (value: any) => object): void {
  it.write(path, `${JSON.stringify(change(JSON.parse(it.read(path))), null, 2)}\n`);
}

/** A registry package without peers has another patch, in the lockfile and wherever a manifest asks for it. */
function bump(it: Repository, dice: Dice): void {
  const lockfile = it.read('pnpm-lock.yaml');
  const keys = [...lockfile.matchAll(/^ {2}(dep-\d+)@([\d.]+): {}$|^ {2}(dep-\d+)@([\d.]+):\n {4}dependencies:/gm)].map(
    ([, a, b, c, d]) => [a ?? c, b ?? d] as [string, string],
  );
  const [name, version] = dice.pick(keys.filter(([name]) => Number(name.slice(4)) > 8));
  const next = version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
  const escaped = version.replaceAll('.', '\\.');
  it.edit('pnpm-lock.yaml', (text) =>
    text
      .replaceAll(new RegExp(`(?<=^ {2}${name}@)${escaped}(?=:)`, 'gm'), next)
      .replaceAll(new RegExp(`(?<=^ {6}${name}: )${escaped}$`, 'gm'), next)
      .replaceAll(
        new RegExp(`(?<=^ {6}${name}:\\n {8}specifier: \\^)${escaped}\\n {8}version: ${escaped}$`, 'gm'),
        `${next}\n        version: ${next}`,
      ),
  );
  for (const path of manifests(it)) {
    const text = it.read(path);
    if (text.includes(`"${name}": "^${version}"`)) it.write(path, text.replace(`"${name}": "^${version}"`, `"${name}": "^${next}"`));
  }
}

function addPackage(it: Repository, dice: Dice, nth: number): void {
  const name = `new-${nth}`;
  it.write(`packages/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
  it.write(`packages/${name}/index.js`, 'export default 1;\n');
  const [app = ''] = [dice.pick(made.apps)];
  const asked = dice.chance(0.5);
  if (asked)
    editJson(it, `apps/${app}/package.json`, (manifest) => ({ ...manifest, dependencies: { ...manifest.dependencies, [name]: 'workspace:*' } }));
  it.edit('pnpm-lock.yaml', (text) => {
    const with_ = text.replace('\npackages:\n', `\n  packages/${name}: {}\n\npackages:\n`);
    const entry = `      ${name}:\n        specifier: workspace:*\n        version: link:../../packages/${name}\n`;
    return asked ? with_.replace(`  apps/${app}:\n    dependencies:\n`, (head) => head + entry) : with_;
  });
}

/** Only one that nothing depends on can go. */
function removePackage(it: Repository, dice: Dice): void {
  const lockfile = it.read('pnpm-lock.yaml');
  const unused = listed(it, /^packages\/new-\d+\/package\.json$/)
    .map(dirname)
    .filter((id) => !lockfile.includes(`link:../../${id}\n`));
  if (unused.length === 0) return;
  const id = dice.pick(unused);
  rmSync(join(it.folder, id), { recursive: true });
  it.edit('pnpm-lock.yaml', (text) => text.replace(`  ${id}: {}\n\n`, ''));
}

const repositories: Repository[] = [];
afterAll(() => {
  for (const repository of repositories) repository.remove();
});

const cache = new Map<string, unknown>();
const sideOf = (workspace: Workspace): Side => ({ workspace, pack: packer(workspace, { cache }) });

/** Prunes every app of a folder, as `stowage prune --all` does. */
async function pruneAll(folder: string, out: string): Promise<void> {
  const workspace = await readWorkspace(folder);
  const { pack } = sideOf(workspace);
  for (const { id } of listApps(workspace)) {
    const app = workspace.importers.find((importer) => importer.id === id);
    if (app !== undefined) await writePlan(await pack(app), workspace, join(out, id));
  }
}

/** The apps whose folders, pruned in two separate checkouts, `diff -r` and `find` tell apart. */
async function trulyAffected(it: Repository, base: string, nth: number): Promise<string[]> {
  const scratch = `${it.folder}-out/${nth}`;
  mkdirSync(scratch, { recursive: true });
  execFileSync('git', ['clone', '--quiet', '--shared', it.folder, `${scratch}/base`]);
  execFileSync('git', ['-C', `${scratch}/base`, 'checkout', '--quiet', '--detach', base]);
  await pruneAll(`${scratch}/base`, `${scratch}/before`);
  await pruneAll(it.folder, `${scratch}/after`);
  const apps = made.apps.map((app) => `apps/${app}`).filter((id) => !sameFolder(`${scratch}/before/${id}`, `${scratch}/after/${id}`));
  rmSync(scratch, { recursive: true });
  return apps;
}

describe('over a history of edits, what is affected is what two prunes tell apart', () => {
  it.each([1, 2])('seed %i', async (seed) => {
    const repository = Repository.of(Object.fromEntries(made.files));
    repositories.push(repository);
    const told: string[][] = [];
    const history = seeded(seed, (dice) =>
      Array.from({ length: stepsOfHistory }, () => [dice.pick(Object.keys(edits)), dice.between(0, 1_000_000), dice.chance(0.5)] as const),
    );
    for (const [nth, [edit, seedOfEdit, committed]] of history.entries()) {
      const base = repository.git('rev-parse', 'HEAD').trim();
      seeded(seedOfEdit, (dice) => edits[edit]?.(repository, dice, nth));
      const truth = await trulyAffected(repository, base, nth);
      if (committed) repository.commit(edit);
      const { apps } = await affectedApps(sideOf(await readWorkspace(repository.folder)), sideOf(await readWorkspaceAt(repository.folder, base)));
      expect(
        apps.map(({ id }) => id),
        `${nth}: ${edit}`,
      ).toEqual(truth);
      expect(
        apps.every(({ changes }) => changes.length > 0 && changes.every(({ steps }) => steps.length > 0)),
        `${nth}: ${edit}`,
      ).toBe(true);
      told.push(truth);
      if (!committed) repository.commit(edit);
    }
    expect(new Set(told.map((apps) => apps.length)).size, 'a history that affects some apps and not others').toBeGreaterThan(1);
  });
});
