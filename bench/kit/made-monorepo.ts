import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A made monorepo of pnpm: files by their paths, and its apps in order. The closure of the first is about a fifth of all packages. */
export interface MadeMonorepo {
  readonly files: ReadonlyMap<string, string>;
  readonly apps: readonly string[];
}

interface Member {
  readonly id: string;
  readonly name: string;
  readonly locals: readonly string[];
  readonly registry: readonly number[];
}

const SOURCES_OF_PACKAGE = 6;
const PACKAGES_PER_APP = 20;

/**
 * A monorepo of `count` packages, the same for the same numbers: unless told otherwise one app for twenty packages, libraries that depend on earlier ones, each with
 * sources that import what its manifest declares, and a lockfile as pnpm 10 prints it, of about four registry packages for each package. Nothing
 * is in a registry: it can be pruned, not installed.
 */
export function makeMonorepo(count: number, appCount = Math.max(1, Math.floor(count / PACKAGES_PER_APP))): MadeMonorepo {
  const libraries = Array.from({ length: count - appCount }, (_, index) => library(index, count));
  const apps = Array.from({ length: appCount }, (_, index) => app(index, count, libraries.length));
  const members = [...apps, ...libraries];
  return {
    files: new Map([
      ['package.json', json({ name: 'made', private: true, packageManager: 'pnpm@10.34.9', scripts: { build: 'turbo run build' } })],
      ['pnpm-workspace.yaml', 'packages:\n  - apps/*\n  - packages/*\n'],
      ['turbo.json', json({ tasks: { build: { dependsOn: ['^build'], outputs: ['dist/**'] } } })],
      ['tsconfig.base.json', json({ compilerOptions: { strict: true, module: 'nodenext', declaration: true } })],
      ['pnpm-lock.yaml', lockfile(members, registrySize(count))],
      ...members.flatMap(filesOf),
    ]),
    apps: apps.map(({ name }) => name),
  };
}

export function writeMonorepo({ files }: MadeMonorepo, folder: string): void {
  for (const path of new Set([...files.keys()].map((path) => dirname(path)))) mkdirSync(join(folder, path), { recursive: true });
  for (const [path, text] of files) writeFileSync(join(folder, path), text);
}

function registrySize(count: number): number {
  return 200 + 4 * count;
}

/** A number below `below` that always is the same for the same words. */
function pick(below: number, ...words: readonly (string | number)[]): number {
  return createHash('sha1').update(words.join(' ')).digest().readUInt32BE() % below;
}

/** It depends on two libraries as in a binary tree, so that chains stay short, and on registry packages that many others have too. */
function library(index: number, count: number): Member {
  const below = [index >> 1, index >> 2].filter((other) => other < index);
  return {
    id: `packages/lib-${index}`,
    name: `@made/lib-${index}`,
    locals: [...new Set(below)].map((other) => `lib-${other}`),
    registry: registryOf(`lib-${index}`, 6, count),
  };
}

/** The first app uses a tenth of the libraries itself; the others so few that the lockfile grows with the number of packages, not faster. */
function app(index: number, count: number, libraries: number): Member {
  const many = Math.min(index === 0 ? libraries : 20, Math.max(2, Math.floor(libraries / 10)));
  const wanted = Array.from({ length: many }, (_, nth) => pick(libraries, 'app', index, nth));
  return {
    id: `apps/app-${index}`,
    name: `app-${index}`,
    locals: [...new Set(wanted)].sort((a, b) => a - b).map((other) => `lib-${other}`),
    registry: registryOf(`app-${index}`, 20, count),
  };
}

function registryOf(name: string, many: number, count: number): number[] {
  const chosen = Array.from({ length: many }, (_, nth) => pick(nth % 2 === 0 ? 60 : registrySize(count), name, nth));
  return [...new Set(chosen)].sort((a, b) => a - b);
}

function filesOf({ id, name, locals, registry }: Member): [string, string][] {
  const imports = [
    ...locals.map((local) => `import { value as ${local.replace('-', '')} } from '@made/${local}';`),
    ...registry.map((nth) => `import dep${nth} from '${registryName(nth)}';`),
  ];
  const manifest = {
    name,
    version: '1.0.0',
    private: true,
    type: 'module',
    main: './dist/index.js',
    scripts: { build: 'tsc -p .', test: 'vitest run', ...(id.startsWith('apps/') ? { start: 'node dist/index.js' } : {}) },
    dependencies: Object.fromEntries([
      ...locals.map((local) => [`@made/${local}`, 'workspace:*']),
      ...registry.map((nth) => [registryName(nth), `^${registryVersion(nth)}`]),
    ]),
  };
  const source = (nth: number): string =>
    `${imports.filter((_, at) => at % SOURCES_OF_PACKAGE === nth).join('\n')}\n\n${`/** ${name}: ${nth}. */\nexport function work${nth}(input: readonly string[]): string {\n  return input.map((word) => word.trim()).join('-');\n}\n`.repeat(12)}`;
  return [
    [`${id}/package.json`, json(manifest)],
    [`${id}/tsconfig.json`, json({ extends: '../../tsconfig.base.json', compilerOptions: { outDir: 'dist' }, include: ['src'] })],
    [
      `${id}/src/index.ts`,
      `${Array.from({ length: SOURCES_OF_PACKAGE }, (_, nth) => `export * from './part-${nth}.js';`).join('\n')}\nexport const value = 1;\n`,
    ],
    ...Array.from({ length: SOURCES_OF_PACKAGE }, (_, nth): [string, string] => [`${id}/src/part-${nth}.ts`, source(nth)]),
  ];
}

function registryName(nth: number): string {
  return nth % 5 === 0 ? `@made-scope-${nth % 7}/dep-${nth}` : `dep-${nth}`;
}

function registryVersion(nth: number): string {
  return `${1 + (nth % 9)}.${nth % 13}.${nth % 4}`;
}

/** As pnpm 10 prints it: layout 9.0. Every seventh package has another as its peer. */
function lockfile(members: readonly Member[], registry: number): string {
  const packages = Array.from({ length: registry }, (_, nth) => nth).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const importers = [...members].sort((a, b) => (a.id < b.id ? -1 : 1)).map(importerEntry);
  return [
    "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n\nimporters:\n\n  .: {}\n",
    ...importers,
    'packages:\n',
    ...packages.map(packageEntry),
    'snapshots:\n',
    ...packages.map(snapshotEntry),
  ].join('\n');
}

function importerEntry({ id, locals, registry }: Member): string {
  const up = id
    .split('/')
    .map(() => '..')
    .join('/');
  const entries = [
    ...locals.map((local) => [`@made/${local}`, 'workspace:*', `link:${up}/packages/${local}`] as const),
    ...registry.map((nth) => [registryName(nth), `^${registryVersion(nth)}`, referenceOf(nth)] as const),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = entries.map(([name, specifier, version]) => `      ${quoted(name)}:\n        specifier: ${specifier}\n        version: ${version}\n`);
  return `  ${id}:\n    dependencies:\n${lines.join('')}`;
}

function packageEntry(nth: number): string {
  const integrity = createHash('sha512').update(keyOf(nth)).digest('base64');
  const peers = peerOf(nth) === undefined ? '' : `    peerDependencies:\n      ${quoted(registryName(peerOf(nth) as number))}: '*'\n`;
  return `  ${quoted(keyOf(nth))}:\n    resolution: {integrity: sha512-${integrity}}\n    engines: {node: '>=18'}\n${peers}`;
}

function snapshotEntry(nth: number): string {
  const peer = peerOf(nth);
  const below = [...new Set([...(nth < 4 ? [] : [nth >> 1, nth >> 2, pick(nth, 'below', nth)]), ...(peer === undefined ? [] : [peer])])];
  const names = below.sort((a, b) => (registryName(a) < registryName(b) ? -1 : 1));
  const key = quoted(`${registryName(nth)}@${referenceOf(nth)}`);
  if (names.length === 0) return `  ${key}: {}\n`;
  return `  ${key}:\n    dependencies:\n${names.map((other) => `      ${quoted(registryName(other))}: ${referenceOf(other)}\n`).join('')}`;
}

function keyOf(nth: number): string {
  return `${registryName(nth)}@${registryVersion(nth)}`;
}

/** The peer is one of the first four, which have neither peers nor dependencies. */
function peerOf(nth: number): number | undefined {
  return nth >= 8 && nth % 7 === 0 ? nth % 4 : undefined;
}

function referenceOf(nth: number): string {
  const peer = peerOf(nth);
  return peer === undefined ? registryVersion(nth) : `${registryVersion(nth)}(${keyOf(peer)})`;
}

function quoted(name: string): string {
  return name.startsWith('@') ? `'${name}'` : name;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
