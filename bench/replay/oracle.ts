/**
 * What an app's install truly needs, told without Stowage's own reading of lockfiles: the dependency maps of its workspace packages and
 * of the root, and every entry of the lockfile that they reach. Simple on purpose: it knows the newest format of each manager and asks every name
 * of the lockfile in the plainest way. Where this changes, an install changes, and Stowage's identity has to.
 */
import { createRequire } from 'node:module';
import { posix } from 'node:path';

// core's own YAML reader: the repository's root depends on none
const { load: parseYaml } = createRequire(new URL('../../packages/core/package.json', import.meta.url))('@zkochan/js-yaml') as {
  load(text: string): unknown;
};

type Json = Readonly<Record<string, unknown>>;
type Manifests = ReadonlyMap<string, Json>;

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** An entry of a lockfile that somebody asked for, and what it asks for in turn. */
interface Found {
  readonly key: string;
  readonly entry: unknown;
  /** A workspace package: its folder. */
  readonly importer?: string;
  readonly asks: readonly Ask[];
}

interface Ask {
  readonly name: string;
  readonly range: string;
}

interface Locked {
  asksOf(importer: string): readonly Ask[];
  /** Undefined for what is not installed: an optional peer, or a package of another platform. */
  find(ask: Ask, by: string): Found | undefined;
}

/** What an app needs, as JSON by name: a workspace package's dependency maps, a lockfile's entries. `manifests` by folder, the root as `.`. */
export function needed(app: string, manifests: Manifests, lockfile: { readonly path: string; readonly text: string }): Map<string, string> {
  const locked = open(lockfile, manifests);
  const members = new Set(['.', app]);
  const entries = new Map<string, string>();
  const isNeeded = (id: string, ask: Ask): boolean => {
    const importer = locked.find(ask, id)?.importer;
    return importer === undefined || members.has(importer);
  };
  follow(app, locked.asksOf(app), locked, members, entries);
  // the root's own registry packages are in every install; its workspace packages only where the app needs them
  follow(
    '.',
    locked.asksOf('.').filter((ask) => isNeeded('.', ask)),
    locked,
    members,
    entries,
  );
  for (const id of members) {
    const maps = kinds.map((kind) => asksIn(manifests.get(id), [kind]).filter((ask) => isNeeded(id, ask)));
    entries.set(
      `package.json of ${id}`,
      JSON.stringify(maps.map((asks) => stable(Object.fromEntries(asks.map(({ name, range }) => [name, range]))))),
    );
  }
  return entries;
}

function follow(start: string, asks: readonly Ask[], locked: Locked, members: Set<string>, entries: Map<string, string>): void {
  const queue = asks.map((ask) => ({ by: start, ask }));
  for (const { by, ask } of queue) {
    const found = locked.find(ask, by);
    if (found === undefined) continue;
    const { importer, key, entry } = found;
    if (importer === undefined ? entries.has(key) : members.has(importer)) continue;
    if (importer === undefined) entries.set(key, JSON.stringify(stable(entry)));
    else members.add(importer);
    for (const next of importer === undefined ? found.asks : locked.asksOf(importer)) queue.push({ by: importer ?? key, ask: next });
  }
}

function stable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, stable(each)]),
  );
}

function asksIn(holder: Json | undefined, fields: readonly string[]): Ask[] {
  return fields.flatMap((field) => Object.entries((holder?.[field] ?? {}) as Record<string, string>).map(([name, range]) => ({ name, range })));
}

function open({ path, text }: { readonly path: string; readonly text: string }, manifests: Manifests): Locked {
  if (path === 'pnpm-lock.yaml') return openPnpm(text);
  if (path === 'package-lock.json') return openNpm(text, manifests);
  if (path === 'bun.lock') return openBun(text, manifests);
  return /^__metadata:/m.test(text) ? openBerry(text, manifests) : openClassic(text, manifests);
}

function openPnpm(text: string): Locked {
  const documents = text.split(/^---$/m);
  const lock = parseYaml(documents[documents.length - 1] ?? '') as Record<string, Record<string, Json>>;
  const importers = lock.importers ?? {};
  const locate = (importer: string, name: string): string | undefined =>
    (['dependencies', 'devDependencies', 'optionalDependencies'] as const)
      .map((kind) => (importers[importer]?.[kind] as Record<string, { version: string }> | undefined)?.[name]?.version)
      .find((version) => version !== undefined);
  return {
    asksOf: (importer) =>
      asksIn(importers[importer], ['dependencies', 'devDependencies', 'optionalDependencies']).map(({ name }) => ({ name, range: '' })),
    find({ name, range }, by) {
      const version = importers[by] === undefined ? range : locate(by, name);
      if (version === undefined) return undefined;
      if (version.startsWith('link:')) {
        const importer = posix.join(by, version.slice('link:'.length));
        return importers[importer] === undefined ? undefined : { key: importer, entry: undefined, importer, asks: [] };
      }
      const key = lock.snapshots?.[version] === undefined ? `${name}@${version}` : version;
      const snapshot = lock.snapshots?.[key];
      if (snapshot === undefined) return undefined;
      return {
        key,
        entry: [lock.packages?.[key.replace(/\(.*$/, '')], snapshot],
        asks: asksIn(snapshot, ['dependencies', 'optionalDependencies']),
      };
    },
  };
}

function openNpm(text: string, manifests: Manifests): Locked {
  const packages = (JSON.parse(text) as { packages: Record<string, Json> }).packages;
  const place = (by: string, name: string): string | undefined => {
    for (let at = by === '.' ? '' : by; ; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '') {
      const candidate = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
      if (packages[candidate] !== undefined) return candidate;
      if (at === '') return undefined;
    }
  };
  return {
    asksOf: (importer) => asksIn(manifests.get(importer), kinds),
    find({ name }, by) {
      const key = place(by, name);
      const entry = key === undefined ? undefined : packages[key];
      if (key === undefined || entry === undefined) return undefined;
      const target = entry.resolved;
      if (entry.link === true && typeof target === 'string') return { key, entry: undefined, importer: target, asks: [] };
      const { dev, optional, devOptional, peer, ...rest } = entry;
      return { key, entry: rest, asks: asksIn(entry, ['dependencies', 'optionalDependencies', 'peerDependencies']) };
    },
  };
}

/** Where a package lies (its key) is not needed, only which it is: a pruned lockfile hoists anew. */
function openBun(text: string, manifests: Manifests): Locked {
  const lock = JSON.parse(text.replace(/,(\s*[}\]])/g, '$1')) as { packages: Record<string, [string, ...unknown[]]> };
  const keysOf = new Map<string, string>();
  const nameOf = (by: string): string => (by === '.' ? '' : String(manifests.get(by)?.name ?? by));
  const from = (by: string): string[] => segments(manifests.has(by) ? nameOf(by) : (keysOf.get(by) ?? ''));
  return {
    asksOf: (importer) => asksIn(manifests.get(importer), kinds),
    find({ name }, by) {
      const above = from(by);
      const places = Array.from({ length: above.length + 1 }, (_, dropped) => [...above.slice(0, above.length - dropped), name].join('/'));
      const place = places.find((candidate) => lock.packages[candidate] !== undefined) ?? '';
      const [id, ...rest] = lock.packages[place] ?? [];
      if (id === undefined) return undefined;
      const at = id.indexOf('@workspace:');
      if (at > 0) return { key: id, entry: undefined, importer: id.slice(at + '@workspace:'.length), asks: [] };
      const info = rest.find((part) => typeof part === 'object' && part !== null) as Json | undefined;
      if (!keysOf.has(id)) keysOf.set(id, place);
      return { key: id, entry: rest, asks: asksIn(info, ['dependencies', 'optionalDependencies', 'peerDependencies']) };
    },
  };
}

/** `@scope/a/b` names two packages. */
function segments(key: string): string[] {
  return key.match(/@[^/]+\/[^/]+|[^/]+/g) ?? [];
}

function openBerry(text: string, manifests: Manifests): Locked {
  const { __metadata, ...entries } = parseYaml(text) as Record<string, Json>;
  const byDescriptor = new Map<string, Json>();
  for (const [key, entry] of Object.entries(entries)) for (const descriptor of key.split(', ')) byDescriptor.set(descriptor, entry);
  const resolutions = (manifests.get('.')?.resolutions ?? {}) as Record<string, string>;
  const byName = new Map([...manifests].map(([id, manifest]) => [String(manifest.name), id]));
  return {
    asksOf: (importer) => asksIn(manifests.get(importer), ['dependencies', 'devDependencies', 'optionalDependencies']),
    find({ name, range }, by) {
      const parent = by
        .split('@')
        .slice(0, by.startsWith('@') ? 2 : 1)
        .join('@');
      const ranges = [
        resolutions[`${parent}/${name}`],
        resolutions[`${name}@${range}`],
        resolutions[`${name}@npm:${range}`],
        resolutions[name],
        range,
      ];
      const entry = ranges
        .filter((each) => each !== undefined)
        .flatMap((each) => [byDescriptor.get(`${name}@${each}`), byDescriptor.get(`${name}@npm:${each}`)])
        .find((each) => each !== undefined);
      if (entry === undefined) return undefined;
      const key = String(entry.resolution);
      const at = key.indexOf('@workspace:');
      if (at > 0) return { key, entry: undefined, importer: byName.get(name) ?? key.slice(at + '@workspace:'.length), asks: [] };
      return { key, entry, asks: asksIn(entry, ['dependencies']) };
    },
  };
}

/** What no pattern of the file stands for is a workspace package: yarn 1 writes nothing of these. */
function openClassic(text: string, manifests: Manifests): Locked {
  const byName = new Map([...manifests].map(([id, manifest]) => [String(manifest.name), id]));
  const byPattern = new Map<string, { readonly key: string; readonly body: string; readonly asks: readonly Ask[] }>();
  const unquoted = (word: string): string => word.trim().replace(/^"|"$/g, '');
  for (const block of text.split(/\n\n+/)) {
    const [head = '', ...body] = block.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const asks = body.flatMap((line) => {
      const [, name, range] = /^ {4}("[^"]+"|\S+) (.*)$/.exec(line) ?? [];
      return name === undefined || range === undefined ? [] : [{ name: unquoted(name), range: unquoted(range) }];
    });
    const found = { key: body.slice(0, 2).join(), body: body.join('\n'), asks };
    for (const pattern of head.replace(/:$/, '').split(', ')) byPattern.set(unquoted(pattern), found);
  }
  return {
    asksOf: (importer) => asksIn(manifests.get(importer), ['dependencies', 'devDependencies', 'optionalDependencies']),
    find({ name, range }) {
      const found = byPattern.get(`${name}@${range}`);
      if (found !== undefined) return { key: found.key, entry: found.body, asks: found.asks };
      const importer = byName.get(name);
      return importer === undefined ? undefined : { key: name, entry: undefined, importer, asks: [] };
    },
  };
}
