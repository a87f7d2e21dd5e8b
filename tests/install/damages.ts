import type { PackageManagerId } from '@stowage/core';

/** What is done to a lockfile, or to a file that it must agree with. */
export interface Damage {
  readonly kind: string;
  /** The file; the lockfile where none is named. */
  readonly file?: string;
  readonly change: (text: string) => string;
  /** Words of the error, which names the entry; of the warning, where packing goes on; or `harmless`: the same is packed as without the damage. */
  readonly refused?: RegExp;
  readonly warned?: RegExp;
  readonly harmless?: true;
  /** What is packed says what the damaged one says, and the package manager has no objection. */
  readonly accepted?: true;
}

/** Without an entry: from its key to the blank line behind it. */
const cut = (key: string, section?: string) => (text: string) => {
  const start = text.indexOf(`\n${key}`, section === undefined ? 0 : text.indexOf(`\n${section}:\n`)) + 1;
  if (start === 0) return text;
  const end = text.indexOf('\n\n', start);
  return text.slice(0, start) + (end < 0 ? '' : text.slice(end + 2));
};

const swap = (before: string | RegExp, after: string) => (text: string) => text.replace(before, after);

/** An entry, once more at the end of the text or before something. */
const repeat =
  (key: string, before?: string) =>
  (text: string): string => {
    const start = text.indexOf(`\n${key}`);
    const end = text.indexOf('\n\n', start + 1);
    const block = `${text.slice(start + 1, end < 0 ? undefined : end + 1).trimEnd()}\n`;
    const at = before === undefined ? text.length : text.indexOf(`\n${before}`) + 1;
    return `${text.slice(0, at).trimEnd()}\n\n${block}${at === text.length ? '' : `\n${text.slice(at)}`}`;
  };

type Json = Record<string, Record<string, Record<string, unknown>>>;
const inJson = (change: (lockfile: Json) => void) => (text: string) => {
  const lockfile = JSON.parse(text);
  change(lockfile);
  return `${JSON.stringify(lockfile, null, 2)}\n`;
};

const inPackages = (change: (packages: Record<string, Record<string, unknown>>) => void) => inJson(({ packages }) => change(packages as never));

const line = (start: string) => (text: string) => text.replace(new RegExp(`^ *"${start}": .*\\n\\n?`, 'm'), '');

const pnpm: readonly Damage[] = [
  { kind: 'a snapshot that is gone', change: cut('  overridden@1.0.0:', 'snapshots'), refused: /overridden/ },
  { kind: 'a package that is gone, its snapshot not', change: cut('  below@1.0.0:', 'packages'), refused: /below@1\.0\.0/ },
  {
    kind: 'a direct package that is gone',
    change: (text) => cut('  direct@1.0.0:', 'packages')(cut('  direct@1.0.0:', 'snapshots')(text)),
    refused: /direct/,
  },
  { kind: 'an edge to what is not locked', change: swap('      overridden: 1.0.0\n', '      overridden: 1.1.0\n'), refused: /overridden 1\.1\.0/ },
  {
    kind: 'a version outside the specifier',
    change: swap('specifier: ^1.0.0\n        version: 1.0.0', 'specifier: ^1.0.0\n        version: 2.0.0'),
    refused: /direct/,
  },
  { kind: 'an entry without integrity', change: swap(/(?<= {2}below@1\.0\.0:\n {4}resolution: )\{.*\}/, '{}'), refused: /below@1\.0\.0/ },
  {
    kind: 'an importer without a project',
    change: swap(
      '\npackages:\n',
      '\n  packages/gone:\n    dependencies:\n      below:\n        specifier: 3.0.0\n        version: 3.0.0\n\npackages:\n',
    ),
    harmless: true,
  },
  { kind: 'a project without an importer', change: cut('  packages/library:', 'importers'), refused: /packages\/library/ },
  {
    kind: 'an orphan',
    change: (text) =>
      `${text.replace('\nsnapshots:\n', '\n  zzz@1.0.0:\n    resolution: {integrity: sha512-a}\n\nsnapshots:\n').trimEnd()}\n\n  zzz@1.0.0: {}\n`,
    harmless: true,
  },
  { kind: 'a key twice in a row', change: repeat('  below@1.0.0:', '  below@2.0.0:'), refused: /below@1\.0\.0/ },
  { kind: 'a key twice', change: repeat('  below@1.0.0:', 'snapshots:'), refused: /below@1\.0\.0/ },
  { kind: 'a section twice', change: (text) => `${text}\npackages:\n`, refused: /duplicated.*line/ },
  { kind: 'a hash that no patch has', change: swap(/hash: 5cc598/, 'hash: 6cc598'), refused: /patched@1\.0\.0/ },
  { kind: 'patches that are gone', change: cut('patchedDependencies:'), refused: /patched/ },
  { kind: 'a patched package whose key lost its hash', change: (text) => text.replaceAll(/\(patch_hash=\w+\)/g, ''), refused: /patched/ },
  { kind: 'an override out of step', change: swap('overridden: 1.0.0\n\n', 'overridden: 1.1.0\n\n'), refused: /overrides/ },
  { kind: 'overrides that are gone', change: cut('overrides:'), refused: /overrides/ },
  {
    kind: 'a catalog out of step',
    change: swap('specifier: 1.0.0\n      version: 1.0.0', 'specifier: 1.1.0\n      version: 1.1.0'),
    refused: /perhaps/,
  },
  { kind: 'a catalog that is gone', change: cut('catalogs:'), accepted: true },
  { kind: 'a setting out of step', change: swap('autoInstallPeers: true', 'autoInstallPeers: false'), refused: /autoInstallPeers/ },
  {
    kind: 'a specifier out of step',
    file: 'packages/app/package.json',
    change: swap('"patched": "1.0.0"', '"patched": "^1.0.0"'),
    refused: /patched/,
  },
  { kind: 'a dependency that no manifest has', file: 'packages/app/package.json', change: swap('"patched": "1.0.0",\n', ''), refused: /patched/ },
  {
    kind: 'a dependency in another map',
    file: 'packages/app/package.json',
    change: swap('"devDependencies"', '"optionalDependencies"'),
    refused: /below/,
  },
  { kind: 'a link to no workspace', change: swap('link:../library', 'link:../libary'), refused: /libary/ },
  { kind: 'no packages', change: (text) => text.replace(/\npackages:\n[\s\S]*(?=\nsnapshots:)/, ''), refused: /packages/ },
  { kind: 'no snapshots', change: (text) => text.replace(/\nsnapshots:\n[\s\S]*/, ''), refused: /direct/ },
  { kind: 'no version', change: swap("lockfileVersion: '9.0'\n", ''), refused: /lockfileVersion/ },
  { kind: 'cut off', change: (text) => text.slice(0, text.indexOf('below@1.0.0: {}')), refused: /pnpm-lock/ },
  { kind: 'empty', change: () => '', refused: /pnpm-lock/ },
];

const npm: readonly Damage[] = [
  { kind: 'an entry that is gone', change: inPackages((packages) => delete packages['node_modules/overridden']), refused: /overridden/ },
  {
    kind: 'a nested entry that is gone',
    change: inPackages((packages) => delete packages['node_modules/direct/node_modules/below']),
    warned: /below/,
  },
  { kind: 'a direct package that is gone', change: inPackages((packages) => delete packages['node_modules/patched']), refused: /patched/ },
  { kind: 'an optional package that is gone', change: inPackages((packages) => delete packages['node_modules/perhaps']), warned: /perhaps/ },
  { kind: "a workspace's entry that is gone", change: inPackages((packages) => delete packages['packages/library']), refused: /packages\/library/ },
  { kind: "a workspace's link that is gone", change: inPackages((packages) => delete packages['node_modules/library']), refused: /library/ },
  {
    kind: 'a workspace that is gone',
    change: inPackages((packages) => {
      delete packages['node_modules/library'];
      delete packages['packages/library'];
    }),
    refused: /library/,
  },
  { kind: "the app's entry that is gone", change: inPackages((packages) => delete packages['packages/app']), refused: /packages\/app/ },
  { kind: "the app's link that is gone", change: inPackages((packages) => delete packages['node_modules/app']), refused: /app/ },
  { kind: "the root's entry that is gone", change: inPackages((packages) => delete packages['']), refused: /root/ },
  {
    kind: 'a link to nowhere',
    change: inPackages((packages) => {
      (packages['node_modules/library'] as Record<string, unknown>).resolved = 'packages/libary';
    }),
    refused: /libary/,
  },
  {
    kind: 'a version outside the range',
    change: inPackages((packages) => {
      (packages['node_modules/direct'] as Record<string, unknown>).version = '2.0.0';
    }),
    refused: /direct/,
  },
  {
    kind: 'an edge that does not fit',
    change: inPackages((packages) => {
      (packages['node_modules/direct/node_modules/below'] as Record<string, unknown>).version = '2.0.0';
    }),
    warned: /below/,
  },
  {
    kind: 'an edge to what is not locked',
    change: inPackages((packages) => {
      (packages['node_modules/direct'] as Record<string, Record<string, string>>).dependencies = { beneath: '1.0.0' };
    }),
    refused: /beneath/,
  },
  {
    kind: 'an entry without integrity',
    change: inPackages((packages) => {
      delete (packages['node_modules/patched'] as Record<string, unknown>).integrity;
    }),
    warned: /patched/,
  },
  {
    kind: 'an entry without a version',
    change: inPackages((packages) => {
      delete (packages['node_modules/patched'] as Record<string, unknown>).version;
    }),
    refused: /patched/,
  },
  {
    kind: 'an entry that is no object',
    change: inPackages((packages) => {
      packages['node_modules/patched'] = 5 as never;
    }),
    refused: /patched/,
  },
  { kind: 'a workspace under another name', file: 'packages/library/package.json', change: swap('"library"', '"libary"'), refused: /library/ },
  {
    kind: 'a workspace without a project',
    change: inPackages((packages) => {
      packages['packages/gone'] = { version: '1.0.0', dependencies: { nothing: '1' } };
      packages['node_modules/gone'] = { resolved: 'packages/gone', link: true };
    }),
    harmless: true,
  },
  {
    kind: 'an orphan',
    change: inPackages((packages) => {
      packages['node_modules/zzz'] = { version: '1.0.0' };
    }),
    harmless: true,
  },
  {
    kind: 'flags that are wrong',
    change: inPackages((packages) => {
      for (const entry of Object.values(packages)) if ('integrity' in entry) entry.dev = true;
    }),
    accepted: true,
  },
  {
    kind: "a workspace's dependencies out of step",
    change: inPackages((packages) => {
      (packages['packages/library'] as Record<string, unknown>).dependencies = { direct: '^2.0.0' };
    }),
    harmless: true,
  },
  { kind: 'a key twice', change: swap('"node_modules/elsewhere": {', '"node_modules/patched": {'), refused: /node_modules\/patched/ },
  { kind: 'an override out of step', file: 'package.json', change: swap('"overridden": "1.0.0"', '"overridden": "1.1.0"'), warned: /overridden/ },
  { kind: 'no packages', change: inJson((lockfile) => delete lockfile.packages), refused: /packages/ },
  { kind: 'no version', change: inJson((lockfile) => delete lockfile.lockfileVersion), refused: /lockfileVersion/ },
  { kind: 'cut off', change: (text) => text.slice(0, 900), refused: /package-lock/ },
  { kind: 'empty', change: () => '', refused: /package-lock/ },
];

const classic: readonly Damage[] = [
  { kind: 'an entry that is gone', change: cut('below@^1.0.0:'), refused: /below@\^1\.0\.0/ },
  { kind: 'a direct package that is gone', change: cut('patched@1.0.0:'), refused: /patched@1\.0\.0/ },
  { kind: 'an optional package that is gone', change: cut('perhaps@1.0.0:'), refused: /perhaps@1\.0\.0/ },
  { kind: 'a key that lost a range', change: swap('overridden@1.0.0, overridden@^1.0.0:', 'overridden@1.0.0:'), accepted: true },
  {
    kind: "a key that lost a resolution's range",
    change: swap('overridden@1.0.0, overridden@^1.0.0:', 'overridden@^1.0.0:'),
    refused: /overridden@1\.0\.0/,
  },
  {
    kind: 'a version outside the range',
    change: swap('direct@^1.0.0:\n  version "1.0.0"', 'direct@^1.0.0:\n  version "2.0.0"'),
    refused: /direct@\^1\.0\.0/,
  },
  { kind: 'an edge to what is not locked', change: swap('    below "^1.0.0"', '    below "^3.0.0"'), refused: /below@\^3\.0\.0/ },
  { kind: 'an entry without integrity', change: swap(/(patched-1\.0\.0\.tgz)#\w+"\n {2}integrity .*/, '$1"'), refused: /patched@1\.0\.0/ },
  { kind: 'an entry without its address', change: swap(/ {2}resolved ".*patched-1.*\n/, ''), refused: /patched@1\.0\.0/ },
  { kind: 'an entry without a version', change: swap('patched@1.0.0:\n  version "1.0.0"\n', 'patched@1.0.0:\n'), refused: /yarn\.lock/ },
  { kind: 'a key twice', change: repeat('below@^1.0.0:'), refused: /below@\^1\.0\.0/ },
  { kind: 'a range under two keys', change: swap('below@^2.0.0:', 'below@^1.0.0, below@^2.0.0:'), refused: /below@\^1\.0\.0/ },
  { kind: 'an orphan', change: (text) => `${text}\nzzz@1:\n  version "1.0.0"\n  resolved "http://127.0.0.1/zzz.tgz#aa"\n`, harmless: true },
  {
    kind: 'a workspace outside the range',
    file: 'packages/app/package.json',
    change: swap('"library": "^1.0.0"', '"library": "^2.0.0"'),
    refused: /library@\^2\.0\.0/,
  },
  {
    kind: 'a specifier out of step',
    file: 'packages/app/package.json',
    change: swap('"patched": "1.0.0"', '"patched": "^1.0.0"'),
    refused: /patched@\^1\.0\.0/,
  },
  {
    kind: 'a resolution out of step',
    file: 'package.json',
    change: swap('"overridden": "1.0.0"', '"overridden": "1.1.0"'),
    refused: /overridden@1\.1\.0/,
  },
  { kind: 'a version from the future', change: swap('# yarn lockfile v1', '# yarn lockfile v2'), refused: /yarn\.lock/ },
  { kind: 'cut off', change: (text) => text.slice(0, text.indexOf('integrity', 700) + 20), refused: /yarn\.lock|has/ },
  { kind: 'empty', change: () => '', refused: /yarn\.lock/ },
];

const berry: readonly Damage[] = [
  { kind: 'an entry that is gone', change: cut('"below@npm:^1.0.0":'), refused: /below@npm:\^1\.0\.0/ },
  { kind: 'a direct package that is gone', change: cut('"direct@npm:^1.0.0":'), refused: /direct@npm:\^1\.0\.0/ },
  { kind: 'an optional package that is gone', change: cut('"perhaps@npm:1.0.0":'), refused: /perhaps@npm:1\.0\.0/ },
  { kind: 'what a patch is made for is gone', change: cut('"patched@npm:1.0.0":'), refused: /patched@npm:1\.0\.0/ },
  { kind: 'a patched package that is gone', change: cut('"patched@patch'), refused: /patched@patch/ },
  { kind: "a workspace's entry that is gone", change: cut('"library@workspace'), refused: /library/ },
  { kind: "the app's entry that is gone", change: cut('"app@workspace'), refused: /app/ },
  { kind: "the root's entry that is gone", change: cut('"root@workspace'), refused: /root/ },
  {
    kind: 'a key that lost a range',
    change: swap('"library@workspace:*, library@workspace:packages/library"', '"library@workspace:packages/library"'),
    refused: /library@workspace:\*/,
  },
  { kind: 'a key with a range too many', change: swap('"below@npm:^1.0.0":', '"below@npm:^1.0.0, below@npm:1.x":'), harmless: true },
  {
    kind: 'a version outside the range',
    change: swap(
      '"direct@npm:^1.0.0":\n  version: 1.0.0\n  resolution: "direct@npm:1.0.0"',
      '"direct@npm:^1.0.0":\n  version: 2.0.0\n  resolution: "direct@npm:2.0.0"',
    ),
    warned: /direct@npm:\^1\.0\.0/,
  },
  {
    kind: 'a version that is not the one resolved to',
    change: swap('version: 1.0.0\n  resolution: "below@npm:1.0.0"', 'version: 1.0.1\n  resolution: "below@npm:1.0.0"'),
    refused: /below@npm:1\.0\.0/,
  },
  { kind: 'an edge to what is not locked', change: swap('below: "npm:^1.0.0"', 'below: "npm:^3.0.0"'), refused: /below@npm:\^3\.0\.0/ },
  { kind: 'an entry without a checksum', change: swap(/(resolution: "below@npm:1\.0\.0"\n) {2}checksum.*\n/, '$1'), refused: /below@npm:1\.0\.0/ },
  { kind: 'a patched package without a checksum', change: swap(/(resolution: "patched@patch.*\n) {2}checksum.*\n/, '$1'), refused: /patched@patch/ },
  { kind: 'an entry without a resolution', change: swap('  resolution: "below@npm:1.0.0"\n', ''), refused: /below@npm:\^1\.0\.0/ },
  {
    kind: 'an entry without a version',
    change: swap('  version: 1.0.0\n  resolution: "below@npm:1.0.0"\n', '  resolution: "below@npm:1.0.0"\n'),
    refused: /below@npm:\^1\.0\.0/,
  },
  { kind: 'a key twice', change: repeat('"below@npm:^1.0.0":'), refused: /below@npm:\^1\.0\.0/ },
  { kind: 'a range under two keys', change: swap('"below@npm:^2.0.0":', '"below@npm:^1.0.0, below@npm:^2.0.0":'), refused: /below@npm:\^1\.0\.0/ },
  {
    kind: 'an orphan',
    change: (text) =>
      `${text}\n"zzz@npm:1":\n  version: 1.0.0\n  resolution: "zzz@npm:1.0.0"\n  checksum: 10c0/aa\n  languageName: node\n  linkType: hard\n`,
    harmless: true,
  },
  {
    kind: 'a workspace without a project',
    change: (text) =>
      `${text}\n"zzz@workspace:packages/zzz":\n  version: 0.0.0-use.local\n  resolution: "zzz@workspace:packages/zzz"\n  languageName: unknown\n  linkType: soft\n`,
    harmless: true,
  },
  {
    kind: 'a specifier out of step',
    file: 'packages/app/package.json',
    change: swap('"direct": "^1.0.0"', '"direct": "^1.1.0"'),
    refused: /direct@npm:\^1\.1\.0/,
  },
  {
    kind: 'a resolution out of step',
    file: 'package.json',
    change: swap('"overridden": "1.0.0"', '"overridden": "1.1.0"'),
    refused: /overridden@npm:1\.1\.0/,
  },
  { kind: 'a resolution that is gone', file: 'package.json', change: swap('"overridden": "1.0.0"', ''), refused: /overridden@npm:\^1\.0\.0/ },
  { kind: 'no metadata', change: cut('__metadata:'), refused: /yarn\.lock|__metadata/ },
  { kind: 'no version', change: swap('  version: 10\n', ''), refused: /version/ },
  { kind: 'cut off', change: (text) => text.slice(0, text.indexOf('checksum') + 40), refused: /yarn\.lock/ },
  { kind: 'empty', change: () => '', refused: /yarn\.lock/ },
];

const bun: readonly Damage[] = [
  { kind: 'an entry that is gone', change: line('overridden'), refused: /overridden/ },
  { kind: 'a nested entry that is gone', change: line('direct/below'), warned: /below/ },
  { kind: 'a direct package that is gone', change: (text) => line('patched')(text.replace(/ {4}"patched": "1\.0\.0",\n/, '')), refused: /patched/ },
  { kind: 'an optional package that is gone', change: line('perhaps'), refused: /perhaps/ },
  { kind: "a workspace's record that is gone", change: swap(/ {4}"packages\/library": \{\n[\s\S]*?\n {4}\},\n/, ''), refused: /library/ },
  { kind: "a workspace's place that is gone", change: (text) => text.replace(/^ {4}"library": \[.*\n\n?/m, ''), refused: /library/ },
  { kind: "the root's record that is gone", change: swap(/ {4}"": \{\n[\s\S]*?\n {4}\},\n/, ''), refused: /root/ },
  { kind: 'a version outside the range', change: swap('["direct@1.0.0"', '["direct@2.0.0"'), warned: /direct/ },
  { kind: 'an edge to what is not locked', change: swap('{ "below": "^1.0.0"', '{ "beneath": "^1.0.0"'), refused: /beneath/ },
  { kind: 'an entry without integrity', change: swap(/(\["below@2\.0\.0".*\{\}, )"sha512-[^"]*"/, '$1""'), refused: /below@2\.0\.0/ },
  { kind: 'an entry of one item', change: swap(/"below": \["below@2\.0\.0".*\]/, '"below": ["below@2.0.0"]'), refused: /below/ },
  { kind: 'an entry that is no list', change: swap(/"below": \["below@2\.0\.0".*\]/, '"below": "below@2.0.0"'), refused: /below/ },
  { kind: 'a key twice', change: (text) => text.replace(/^ {4}"below": .*\n\n/m, (entry) => entry + entry), refused: /below/ },
  {
    kind: 'a workspace twice',
    change: (text) => text.replace(/ {4}"packages\/library": \{\n[\s\S]*?\n {4}\},\n/, (entry) => entry + entry),
    refused: /packages\/library/,
  },
  {
    kind: 'an orphan',
    change: swap('"packages": {\n    "app"', '"packages": {\n    "zzz": ["zzz@1.0.0", "", {}, "sha512-a"],\n\n    "app"'),
    harmless: true,
  },
  {
    kind: 'a workspace without a project',
    change: swap('"packages/other": {', '"packages/gone": {\n      "name": "gone",\n    },\n    "packages/other": {'),
    harmless: true,
  },
  {
    kind: 'a specifier out of step',
    file: 'packages/app/package.json',
    change: swap('"patched": "1.0.0"', '"patched": "^1.0.0"'),
    refused: /patched/,
  },
  { kind: 'a dependency that no manifest has', file: 'packages/app/package.json', change: swap('"patched": "1.0.0",\n', ''), accepted: true },
  { kind: 'an override out of step', change: swap('"overridden": "1.0.0",\n  }', '"overridden": "1.1.0",\n  }'), refused: /overridden/ },
  { kind: 'overrides that are gone', change: swap(/ {2}"overrides": \{[^}]*\},\n/, ''), refused: /overridden/ },
  { kind: 'a patch that is gone', change: swap(/ {2}"patchedDependencies": \{[^}]*\},\n/, ''), refused: /patched/ },
  { kind: 'trusted packages that are gone', change: swap(/ {2}"trustedDependencies": \[[^\]]*\],\n/, ''), refused: /direct/ },
  { kind: 'a catalog out of step', change: swap('"catalog": {\n    "perhaps": "1.0.0"', '"catalog": {\n    "perhaps": "1.1.0"'), refused: /perhaps/ },
  { kind: 'a catalog that is gone', change: swap(/ {2}"catalog": \{[^}]*\},\n/, ''), refused: /perhaps/ },
  { kind: 'no version', change: swap('"lockfileVersion": 1,', ''), refused: /version/ },
  { kind: 'no packages', change: (text) => text.replace(/,\n+ {2}"packages": \{[\s\S]*/, '\n}\n'), refused: /direct|library/ },
  { kind: 'cut off', change: (text) => text.slice(0, text.length / 2), refused: /bun\.lock/ },
  { kind: 'empty', change: () => '', refused: /bun\.lock/ },
];

export const damages: Readonly<Record<PackageManagerId, readonly Damage[]>> = { pnpm, npm, 'yarn-classic': classic, 'yarn-berry': berry, bun };
