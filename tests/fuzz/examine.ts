import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type PackPlan, pack, readWorkspace, StowageError, type Workspace, writePlan } from '@stowage/core';
import { lockedGraph } from '../../packages/core/src/closure/locked-edges.ts';
import { adapterOf } from '../../packages/core/src/package-managers/list.ts';
import { changeOutside, newcomer, reverseKeys } from './changes.ts';
import { compareInstalls } from './compare-installs.ts';
import { filesOf, type InventedRepository } from './invented.ts';
import type { InventedRegistry } from './registry.ts';
import { frozenCheck, frozenInstall, lockCommand, run } from './tools.ts';
import { forgetTrees } from './tree.ts';
import { major } from './version.ts';

export type Check =
  | 'packs'
  | 'installs frozen'
  | 'same tree'
  | 'same lockfile after an install'
  | 'prunes twice'
  | 'prunes to everything'
  | 'unchanged by what is outside'
  | 'unchanged by order';

export type Outcome =
  | { readonly kind: 'pass'; readonly apps: number; readonly checks: number; readonly installs: number }
  /** The manager itself could not lock, or does not accept its own lockfile. */
  | { readonly kind: 'skip'; readonly why: string }
  | { readonly kind: 'fail'; readonly check: Check; readonly app: string; readonly mode: Mode; readonly detail: string };

type Mode = 'deps' | 'prod';
const modes = ['deps', 'prod'] as const;

class Failure extends Error {
  readonly outcome: Outcome & { kind: 'fail' };

  constructor(check: Check, app: string, mode: Mode, detail: string) {
    super(detail);
    this.outcome = { kind: 'fail', check, app, mode, detail };
  }
}

export interface ExamineOptions {
  /** How many importers are packed, the apps first. Default: 2. */
  readonly apps?: number;
  /** The one importer that is packed. */
  readonly only?: string;
  /** Whether installs that are not frozen must leave lockfiles alone too. Default: true. */
  readonly thawed?: boolean;
  /** Whether lockfiles are installed and the trees compared with the whole repository's. Else the manager only checks them. Default: true. */
  readonly trees?: boolean;
  /** Whether changes outside the closure are made and locked too. Default: true. */
  readonly outside?: boolean;
  /** Where to work. Default: the folder for temporary files. */
  readonly within?: string;
  /** Keep the folder, and say where it is. */
  readonly keep?: (folder: string) => void;
}

/** What is asked about each app. */
interface Depth {
  readonly stable: boolean;
  readonly trees: boolean;
  readonly outside: boolean;
}

/** Has the real manager lock an invented repository, packs apps of it, and asks the manager about each. */
export async function examine(repository: InventedRepository, registry: InventedRegistry, options: ExamineOptions = {}): Promise<Outcome> {
  const folder = mkdtempSync(join(options.within ?? tmpdir(), 'stowage-fuzz-'));
  try {
    return await new Examination(repository, registry.serve([...repository.registry, newcomer]), folder).examine(options);
  } catch (error) {
    if (error instanceof Failure) return error.outcome;
    throw error;
  } finally {
    forgetTrees();
    if (options.keep === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    else options.keep(folder);
  }
}

class Examination {
  readonly #repository: InventedRepository;
  readonly #url: string;
  readonly #folder: string;
  readonly #source: string;
  readonly #whole: string;
  #apps = 0;
  #installs = 0;
  #checks = 0;

  constructor(repository: InventedRepository, url: string, folder: string) {
    this.#repository = repository;
    this.#url = url;
    this.#folder = folder;
    this.#source = join(folder, 'source');
    this.#whole = join(folder, 'whole');
  }

  async examine({ apps = 2, only, thawed = true, trees = true, outside = true }: ExamineOptions): Promise<Outcome> {
    const { manager, importers } = this.#repository;
    layOut(filesOf(this.#repository), this.#source);
    const locking = join(this.#folder, 'locking');
    cpSync(this.#source, locking, { recursive: true });
    const locked = await this.#run(lockCommand(manager), locking);
    const lockfile = adapterOf(manager.id).lockfileNames.find((name) => existsSync(join(locking, name)));
    if (!locked.ok || lockfile === undefined) return { kind: 'skip', why: `cannot be locked: ${complaintOf(locked.output)}` };
    const isLittered = () => manager.id === 'npm' && /"extraneous": true/.test(readFileSync(join(locking, lockfile), 'utf8'));
    if (isLittered()) await this.#run(['prune', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], locking);
    if (isLittered()) return { kind: 'skip', why: 'npm left an entry that nothing needs' };
    cpSync(join(locking, lockfile), join(this.#source, lockfile));
    const workspace = await this.#read(this.#source);
    const refused = trees ? await this.#refusesItsOwn(workspace, frozenInstall) : undefined;
    if (refused !== undefined) return refused;
    const stable = thawed && (await this.#isStable(this.#whole, workspace));

    try {
      const everything = this.#prunesToEverything(workspace);
      if (everything !== 'same') return { kind: 'skip', why: everything };
      const packed = only === undefined ? importers.slice(1, 1 + apps) : importers.filter(({ id }) => id === only);
      for (const { id } of packed) await this.#examineApp(workspace, id, { stable, trees, outside });
    } catch (error) {
      const excuse = trees || !(error instanceof Failure) ? undefined : await this.#refusesItsOwn(workspace, frozenCheck);
      if (excuse !== undefined) return excuse;
      // what bun has just written it at times writes otherwise once it has read it
      const isSettled = !(error instanceof Failure) || manager.id !== 'bun' || (await this.#isStable(`${this.#whole}-settled`, workspace));
      if (!isSettled) return { kind: 'skip', why: 'its own lockfile is rewritten by an install that is not frozen' };
      throw error;
    }
    return { kind: 'pass', apps: this.#apps, checks: this.#checks, installs: this.#installs };
  }

  /** The manager's own lockfile must be good to it before a pruned one is held against Stowage. */
  async #refusesItsOwn({ packageManager, lockfile }: Workspace, command: typeof frozenInstall): Promise<Outcome | undefined> {
    cpSync(this.#source, this.#whole, { recursive: true });
    const control = await this.#run(command(packageManager, 'deps'), this.#whole);
    if (!control.ok) return { kind: 'skip', why: `its own lockfile is refused: ${complaintOf(control.output)}` };
    const isSame = textAt(join(this.#whole, lockfile.path)) === lockfile.text;
    return isSame ? undefined : { kind: 'skip', why: 'its own lockfile is rewritten' };
  }

  async #examineApp(workspace: Workspace, app: string, { stable, trees, outside }: Depth): Promise<void> {
    const plan = await packed(workspace, app);
    const out = join(this.#folder, `out-${app.replaceAll('/', '-')}`);
    await writePlan(plan, workspace, out);
    await this.#sameInAnyOrder(plan, app);
    await this.#sameTwice(plan, app, out);
    for (const mode of modes) await this.#examineInstall(plan, app, mode, out, { stable, trees }, workspace);
    if (outside) await this.#sameWhateverIsOutside(plan, app, workspace);
    this.#apps++;
  }

  /** The frozen install passes, and its tree is the whole one's, cut to the closure. */
  async #examineInstall(
    plan: PackPlan,
    app: string,
    mode: Mode,
    out: string,
    { stable, trees }: Pick<Depth, 'stable' | 'trees'>,
    { lockfile }: Workspace,
  ): Promise<void> {
    const copy = `${out}-${mode}`;
    cpSync(join(out, mode), copy, { recursive: true, verbatimSymlinks: true });
    const frozen = trees ? frozenInstall : frozenCheck;
    const installed = await this.#run(frozen(plan.packageManager, mode), copy);
    if (trees) this.#installs++;
    else this.#checks++;
    if (!installed.ok) throw new Failure('installs frozen', app, mode, installed.output);
    const text = readFileSync(join(out, mode, lockfile.path), 'utf8');
    const rewritten = textAt(join(copy, lockfile.path));
    if (rewritten === '' && holdsNothing(plan, text)) return;
    if (rewritten !== text) throw new Failure('same lockfile after an install', app, mode, `a frozen install\n${changedLines(text, rewritten)}`);
    if (trees) this.#sameTree(plan, app, mode, copy);
    if (!stable) return;
    const thawed = await this.#run(lockCommand(plan.packageManager), copy);
    const after = textAt(join(copy, lockfile.path));
    if (!thawed.ok) throw new Failure('same lockfile after an install', app, mode, thawed.output);
    if (after === '' && holdsNothing(plan, text)) return;
    if (after !== text) throw new Failure('same lockfile after an install', app, mode, `an install that is not frozen\n${changedLines(text, after)}`);
  }

  #sameTree(plan: PackPlan, app: string, mode: Mode, pruned: string): void {
    const members = ['.', ...(mode === 'deps' ? plan.closure.build : plan.closure.runtime)];
    const differences = compareInstalls({ repository: this.#repository, whole: this.#whole, pruned, members, dev: mode === 'deps' });
    if (differences.length > 0) throw new Failure('same tree', app, mode, differences.join('\n'));
  }

  /** Whether an install that is not frozen leaves the lockfile of the whole repository as it is. */
  async #isStable(folder: string, { lockfile }: Workspace): Promise<boolean> {
    const copy = `${folder}-thawed`;
    cpSync(this.#source, copy, { recursive: true });
    const { ok } = await this.#run(lockCommand(this.#repository.manager), copy);
    return ok && textAt(join(copy, lockfile.path)) === lockfile.text;
  }

  /** Where that is not the same by the manager's doing, what the manager did. */
  #prunesToEverything(workspace: Workspace): string {
    const { packageManager, importers, files } = workspace;
    const { lockfile } = lockedGraph(workspace);
    const scope = { mode: 'deps', importers } as const;
    const install = refusing('.', () => adapterOf(packageManager.id).prune({ lockfile, packageManager, scope, workspace: importers, files }));
    const file = install.files.find(({ path }) => path === workspace.lockfile.path);
    const text = file !== undefined && 'text' in file ? file.text : '';
    if (text === workspace.lockfile.text) return 'same';
    if (packageManager.id === 'npm' && major(packageManager.version) < 11 && lacksOnlyPeers(workspace.lockfile.text, text))
      return 'npm 10 locks what only optional peers lead to';
    if (packageManager.id === 'pnpm' && major(packageManager.version) >= 12 && lacksOnlyEntries(workspace.lockfile.text, text))
      return 'pnpm 12 left variants that nothing needs';
    throw new Failure('prunes to everything', '.', 'deps', changedLines(workspace.lockfile.text, text));
  }

  async #sameTwice(plan: PackPlan, app: string, out: string): Promise<void> {
    for (const mode of modes) {
      const again = await packed(await this.#read(join(out, mode)), app);
      const difference = differenceOf(filesBelow(plan, mode), filesBelow(again, mode));
      if (difference !== undefined) throw new Failure('prunes twice', app, mode, difference);
    }
  }

  async #sameInAnyOrder(plan: PackPlan, app: string): Promise<void> {
    const shuffled = join(this.#folder, 'shuffled');
    if (!existsSync(shuffled)) {
      const importers = this.#repository.importers.map(({ id, manifest }) => ({ id, manifest: reverseKeys(manifest) }));
      const [root, ...members] = importers;
      if (root !== undefined) layOut(filesOf({ ...this.#repository, importers: [root, ...members.reverse()] }), shuffled);
      cpSync(join(this.#source, lockfileOf(plan)), join(shuffled, lockfileOf(plan)));
    }
    const again = await packed(await this.#read(shuffled), app);
    for (const mode of modes) {
      const difference = differenceOf(filesBelow(plan, mode), filesBelow(again, mode));
      if (difference !== undefined) throw new Failure('unchanged by order', app, mode, difference);
    }
  }

  /** Another release, other scripts and a dependency more of a package outside the closure, locked again by the manager. */
  async #sameWhateverIsOutside(plan: PackPlan, app: string, workspace: Workspace): Promise<void> {
    const changed = changeOutside(this.#repository, plan.closure.build);
    if (changed === undefined) return;
    const folder = join(this.#folder, `changed-${app.replaceAll('/', '-')}`);
    layOut(filesOf(changed), folder);
    cpSync(join(this.#source, workspace.lockfile.path), join(folder, workspace.lockfile.path));
    const { ok } = await this.#run(lockCommand(this.#repository.manager), folder);
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
    if (!ok) return;
    layOut(filesOf(changed), folder); // yarn at times writes manifests anew
    const relocked = await this.#read(folder);
    if (!onlyAdds(workspace.lockfile.text, relocked.lockfile.text)) return; // the manager moved entries of others too
    const again = await packed(relocked, app);
    const difference = differenceOf(filesBelow(plan, 'deps'), filesBelow(again, 'deps'));
    if (difference !== undefined) throw new Failure('unchanged by what is outside', app, 'deps', difference);
  }

  #run(words: readonly string[], cwd: string) {
    return run(this.#repository.manager, words, cwd, this.#url, join(this.#folder, 'home'));
  }

  async #read(folder: string): Promise<Workspace> {
    try {
      return await readWorkspace(folder);
    } catch (error) {
      throw refusal('.', error);
    }
  }
}

/** Early releases of pnpm accept such a lockfile, and delete it. */
function holdsNothing({ packageManager }: PackPlan, lockfile: string): boolean {
  return packageManager.id === 'pnpm' && !/^packages:/m.test(lockfile);
}

/** Empty where a manager deleted the file. */
function textAt(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

async function packed(workspace: Workspace, app: string): Promise<PackPlan> {
  try {
    return await pack(workspace, app, { imports: false });
  } catch (error) {
    throw refusal(app, error);
  }
}

function refusing<Value>(app: string, task: () => Value): Value {
  try {
    return task();
  } catch (error) {
    throw refusal(app, error);
  }
}

function refusal(app: string, error: unknown): Failure {
  const told = error instanceof StowageError ? `${error.code} ${error.message} ${JSON.stringify(error.where ?? {})}` : String((error as Error).stack);
  return new Failure('packs', app, 'deps', told);
}

function layOut(files: Readonly<Record<string, string>>, folder: string): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function lockfileOf(plan: PackPlan): string {
  const names = adapterOf(plan.packageManager.id).lockfileNames;
  return names.find((name) => plan.files.some(({ path }) => path === `deps/${name}`)) ?? '';
}

function filesBelow(plan: PackPlan, mode: Mode): ReadonlyMap<string, string> {
  return new Map(
    plan.files
      .filter(({ path }) => path.startsWith(`${mode}/`))
      .map((file) => [file.path, `${file.mode} ${'text' in file ? file.text : `copy of ${file.copyFrom}`}`]),
  );
}

/** The first file that two lists of files do not share, with the lines that differ. */
function differenceOf(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string | undefined {
  const path = [...new Set([...one.keys(), ...other.keys()])].find((each) => one.get(each) !== other.get(each));
  return path === undefined ? undefined : `${path}\n${changedLines(one.get(path) ?? '', other.get(path) ?? '')}`;
}

/** The lines that only one of two texts has, or how the same lines stand. */
function changedLines(before: string, after: string): string {
  const [old, young] = [before.split('\n'), after.split('\n')];
  const gone = old.filter((line, index) => !young.includes(line) && old.indexOf(line) === index).map((line) => `- ${line}`);
  const come = young.filter((line, index) => !old.includes(line) && young.indexOf(line) === index).map((line) => `+ ${line}`);
  const changes = [...gone, ...come];
  return changes.length > 0 ? changes.join('\n') : `the same lines otherwise:\n${before}\n---\n${after}`;
}

/**
 * Whether every line of a lockfile is still there, in its order, but for the version of the changed package; bun's lines of packages tell besides
 * that none but the newcomer came.
 */
function onlyAdds(before: string, after: string): boolean {
  const lines = after.split('\n').values();
  const wanted = before.split('\n').filter((line) => !/"version": /.test(line));
  return wanted.every((line) => {
    for (const candidate of lines) {
      if (candidate === line) return true;
      if (/^ {4}"(?!newcomer")[^"]+": \[/.test(candidate)) return false;
    }
    return false;
  });
}

/** Whether blocks between blank lines are all that went, and nothing came. What an install needs of them, it would miss. */
function lacksOnlyEntries(before: string, after: string): boolean {
  const blocks = new Set(before.split('\n\n'));
  return after.split('\n\n').every((block) => blocks.has(block));
}

/** Whether all that an npm lockfile has no more are packages that npm calls peers, and what lies in their folders. */
function lacksOnlyPeers(before: string, after: string): boolean {
  const [whole, rest] = [before, after].map((text) => new Map<string, { peer?: true }>(Object.entries(JSON.parse(text).packages))) as [
    Map<string, { peer?: true }>,
    Map<string, unknown>,
  ];
  const gone = [...whole].filter(([location]) => !rest.has(location));
  const peers = gone.filter(([, { peer }]) => peer === true).map(([location]) => location);
  return peers.length > 0 && gone.every(([location]) => peers.some((peer) => `${location}/`.startsWith(`${peer}/`)));
}

/** The line that says why, of what a manager printed. */
function complaintOf(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((each) => /ERR_|npm error (?!code)|error|YN00(?!00|02|13|60|61|86)\d\d|invariant/i.test(each)) ?? lines.at(-1) ?? '';
  return line.slice(0, 160);
}
