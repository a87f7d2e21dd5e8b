import { withoutPeers } from './graph.ts';
import { importerDependencies } from './locked-node.ts';
import { entriesOf, IMPORTER_MAPS, type PnpmLockfile } from './lockfile.ts';
import type { NameOrder } from './name-order.ts';
import type { NarrowedImporter } from './narrow-importers.ts';
import { printWithFlags } from './print-flags.ts';
import { printImporter, printMaps } from './print-importers.ts';
import type { ReachedPackages } from './reach.ts';
import { type Block, bodyOf } from './text-blocks.ts';

export interface Choice {
  readonly importers: ReadonlyMap<string, NarrowedImporter>;
  readonly order: NameOrder;
  readonly packages: ReachedPackages;
  /** Keys of `patchedDependencies`. */
  readonly patches: ReadonlySet<string>;
  /** Keys of `overrides` that go. */
  readonly droppedOverrides: ReadonlySet<string>;
  /** By catalog, the names used of it. */
  readonly catalogs: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The lockfile with the chosen entries, each byte for byte; a section that ends empty goes, as pnpm prints none. */
export function printLockfile(lockfile: PnpmLockfile, choice: Choice): string {
  const { text, document } = lockfile;
  const printers: Readonly<Record<string, (section: Block) => string>> = {
    importers: (section) =>
      printBlocks(lockfile, section, document.importers.blocks, (entry) => {
        const narrowed = choice.importers.get(entry.key);
        return narrowed ? printImporter(lockfile, entry, narrowed, choice.order) : '';
      }),
    catalogs: (section) => printCatalogs(lockfile, section, choice.catalogs),
    overrides: (section) => chooseEntries(lockfile, section, document.overrides, (key) => !choice.droppedOverrides.has(key)),
    patchedDependencies: (section) => chooseEntries(lockfile, section, document.patchedDependencies, (key) => choice.patches.has(key)),
    packages: (section) =>
      lockfile.layout === '9.0'
        ? printBlocks(lockfile, section, basesOf(lockfile, choice), ({ start, end }) => text.slice(start, end))
        : printPackages(lockfile, section, choice),
    snapshots: (section) => printPackages(lockfile, section, choice),
    time: (section) => {
      const direct = directPackages(lockfile, choice.importers);
      return chooseEntries(lockfile, section, document.time, (key) => direct.has(key));
    },
  };
  const sections = lockfile.sections.map((section) => printers[section.key]?.(section) ?? text.slice(section.start, section.end));
  return text.slice(0, lockfile.main) + (lockfile.flat ? flatSections(lockfile, sections, choice) : sections).join('');
}

/** Each once, in the order of the text. */
function basesOf({ document }: PnpmLockfile, { packages }: Choice): Block[] {
  const chosen: true[] = [];
  for (const { baseAt } of packages.keys()) chosen[baseAt] = true;
  return document.packages.blocks.filter((_, index) => chosen[index]);
}

function printEntries(lockfile: PnpmLockfile, section: Block, loaded: object | undefined, print: (entry: Block) => string, indent = 2): string {
  return printBlocks(lockfile, section, entriesOf(lockfile, section, loaded, indent), print);
}

function printBlocks(lockfile: PnpmLockfile, section: Block, blocks: readonly Block[], print: (entry: Block) => string): string {
  return printSection(lockfile, section, blocks.map(print));
}

function printSection({ text }: PnpmLockfile, section: Block, printed: readonly string[]): string {
  const entries = printed.join('');
  return entries === '' ? '' : text.slice(section.start, bodyOf(text, section)) + entries;
}

function chooseEntries(lockfile: PnpmLockfile, section: Block, loaded: object | undefined, isKept: (key: string) => boolean, indent = 2): string {
  return printEntries(lockfile, section, loaded, (entry) => (isKept(entry.key) ? lockfile.text.slice(entry.start, entry.end) : ''), indent);
}

function printPackages(lockfile: PnpmLockfile, section: Block, { packages }: Choice): string {
  const { blocks } = lockfile.document.snapshots;
  const chosen: string[] = [];
  for (const [{ snapshot, snapshotAt }, reached] of packages)
    chosen[snapshotAt] = printWithFlags(lockfile, blocks[snapshotAt] as Block, snapshot, reached);
  return printSection(lockfile, section, chosen);
}

function printCatalogs(lockfile: PnpmLockfile, section: Block, used: Choice['catalogs']): string {
  const { catalogs } = lockfile.document;
  return printEntries(lockfile, section, catalogs, (catalog) =>
    chooseEntries(lockfile, catalog, catalogs?.[catalog.key], (name) => used.get(catalog.key)?.has(name) === true, 4),
  );
}

/** Keys of the packages that importers depend on directly: those whose date of release a time-based resolution records. */
function directPackages(lockfile: PnpmLockfile, importers: Choice['importers']): Set<string> {
  const direct = new Set<string>();
  for (const [id, { sections }] of importers) {
    for (const { node } of importerDependencies(lockfile, id, sections)) direct.add(withoutPeers(lockfile, node.key));
  }
  return direct;
}

/** Puts the root importer's maps, which stand side by side among the root keys, in the place of the first of them. */
function flatSections(lockfile: PnpmLockfile, printed: readonly string[], { importers, order }: Choice): string[] {
  const narrowed = importers.get('.') as NarrowedImporter;
  const isMap = ({ key }: Block): boolean => (IMPORTER_MAPS as readonly string[]).includes(key);
  const first = lockfile.sections.findIndex(isMap);
  return printed.flatMap((text, index) => {
    if (index === first) return [printMaps(lockfile, lockfile.sections.filter(isMap), narrowed, { indent: 0, order })];
    return isMap(lockfile.sections[index] as Block) ? [] : [text];
  });
}
