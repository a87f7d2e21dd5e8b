import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PNPM = 'install/pnpm-scenarios.test.ts';
const EARLY = 'install/pnpm-early-scenarios.test.ts';
const NPM = 'install/npm-scenarios.test.ts';
const CLASSIC = 'install/yarn-classic-scenarios.ts';
const BERRY = 'install/yarn-berry-scenarios.ts';
const BUN = 'install/bun-scenarios.ts';
const BAD = 'unit/bad-input.test.ts';
const FUZZ = 'fuzz/examine.ts';
const ODD = 'install/odd-repositories.test.ts';
const DAMAGES = 'install/damages.ts';

/** What lockfiles hold that pruning may break, and where it is tried: a file of tests, and words of the test's name. */
const cases: Readonly<Record<string, readonly (readonly [file: string, name: string])[]>> = {
  'a peer that the root alone provides': [
    [PNPM, 'of the root alone, auto-installed'],
    [BUN, 'peers: of the root, of a dropped workspace'],
  ],
  'a peer of a dropped workspace, optional': [[PNPM, 'keeps an optional peer that only another app provides']],
  'an auto-installed peer of a workspace': [[PNPM, 'auto-installed, provided by a devDependency']],
  'a hashed peer suffix': [[PNPM, 'keeps hashed peer suffixes']],
  'peers of workspaces, whoever provides them': [[ODD, 'packs peers of workspaces']],
  'peers of peers': [[PNPM, 'provided by a devDependency, nested']],
  'one package in two majors, one by way of a dropped app': [
    [PNPM, 'keeps two majors'],
    [CLASSIC, 'one package in two majors'],
    [BERRY, 'one package in two majors'],
    [BUN, 'three versions of one package'],
  ],
  "aliases: direct, transitive, of another package's name": [
    [NPM, 'aliases and bundled packages'],
    [CLASSIC, "of another package's name"],
    [BERRY, "of another package's name"],
    [BUN, 'aliases, and names like keys'],
  ],
  'optional packages for every platform, libc too': [
    [PNPM, 'every platform of what the app needs'],
    [CLASSIC, 'optional packages for other platforms'],
    [BERRY, 'optional packages for every platform'],
    [BUN, 'optional packages for other platforms'],
  ],
  'an optional package that cannot be built': [[ODD, 'installs without an optional package that cannot be built']],
  'packages that are both dev and optional, and flags that turn': [
    [NPM, 'computes the flags of what stays'],
    [EARLY, 'computes the flags anew'],
  ],
  'a name in several maps': [
    [PNPM, 'takes a name in several maps'],
    [CLASSIC, 'a name in several maps'],
    [BERRY, 'a name in several maps'],
    [BUN, 'a name in several maps'],
  ],
  'a workspace by a range that a registry also has': [
    [CLASSIC, 'a workspace by ranges, by any version, and the registry'],
    [BERRY, 'told apart by the range'],
    [BUN, 'the registry where the range asks for another version'],
  ],
  'a workspace that dependents ask for in many ways': [
    [PNPM, 'follows workspace specifiers of all kinds'],
    [NPM, 'follows workspaces however they are named'],
    [BERRY, 'ask for in many ways'],
  ],
  'cycles, and packages that depend on themselves': [
    [PNPM, 'cycles and links'],
    [BERRY, 'depend on each other and on themselves'],
    [CLASSIC, 'a cycle of workspaces'],
    [BUN, 'a cycle'],
  ],
  'a workspace reached by devDependencies or peers alone': [[CLASSIC, 'one reached through devDependencies, one as a peer']],
  'a root that depends on what is dropped': [
    [BERRY, 'the root depends on workspaces'],
    [PNPM, 'drops those of the root'],
  ],
  'workspaces without a name, a version, dependencies, inside another': [
    [PNPM, 'reads workspaces without a name'],
    [BERRY, 'workspaces without a name'],
    [CLASSIC, 'a workspace without a version or a name'],
    [BUN, 'one without dependencies and one without a version'],
  ],
  'globs, negated ones and literal paths': [
    [BUN, 'literal paths, a negated glob'],
    [CLASSIC, 'folders by literal path, two globs'],
  ],
  'links, folders, tarballs and portals': [
    [PNPM, 'keeps local packages: a copied folder, a tarball'],
    [EARLY, 'keeps local packages: a copied folder, a tarball'],
    [NPM, 'takes folders, tarballs'],
    [CLASSIC, 'folders and tarballs of the repository'],
    [BERRY, 'folders and links beside the workspaces'],
    [BUN, 'folders and tarballs of the repository'],
  ],
  'injected workspaces': [
    [PNPM, 'injects every workspace package'],
    [EARLY, 'an injected workspace'],
  ],
  'a runtime as a dependency': [['install/pnpm-runtime.test.ts', 'keeps the runtime that devEngines']],
  'a document about pnpm itself': [
    [PNPM, 'keeps the document about configDependencies'],
    [PNPM, 'keeps the line ends of a lockfile of two documents'],
  ],
  catalogs: [
    [PNPM, 'narrows catalogs on both sides'],
    [BERRY, 'catalogs: default, named, leading to a workspace'],
    [BUN, 'catalogs: the unnamed and named ones'],
  ],
  'overrides and resolutions in every form': [
    [PNPM, 'keeps overrides of every form'],
    [NPM, 'leaves what overrides changed'],
    [CLASSIC, 'resolutions in all their forms'],
    [BERRY, 'resolutions in all forms'],
    [BUN, 'overrides, also of what is gone'],
  ],
  patches: [
    [PNPM, 'keeps the patches of what is kept'],
    [NPM, 'carries the patches and extensions of npm 12'],
    [BERRY, 'two versions of which one is patched'],
    [BUN, 'patches: of one of two versions'],
  ],
  'packageExtensions, own and built in': [
    [PNPM, 'keeps packageExtensions'],
    [BERRY, 'packages that yarn, and the user, give more dependencies'],
  ],
  pnpmfiles: [[PNPM, 'reads a pnpmfile at a path of its own']],
  ignoredOptionalDependencies: [[PNPM, 'ignoredOptionalDependencies and a pnpmfile']],
  'what yarn itself patches': [[BERRY, 'typescript, resolve and fsevents']],
  'compression levels': [[BERRY, 'archives of compression level']],
  'keys of more than 1024 characters': [[BERRY, 'a key of more than 1024 characters']],
  'plugins and constraints': [[BERRY, 'a plugin, constraints and a credential']],
  'settings per dependency': [[BERRY, 'settings per dependency, programs']],
  'merged keys that become narrower': [
    [CLASSIC, 'merged keys of which dropped workspaces need a part'],
    [BERRY, 'that dropped workspaces ask for with other ranges'],
  ],
  'two names on one tarball': [[CLASSIC, 'two names on one tarball, of which one goes']],
  'nohoist and an offline mirror': [
    [CLASSIC, 'nohoist'],
    [CLASSIC, 'an offline mirror'],
  ],
  'a lockfile that lacks what is asked for': [[DAMAGES, "'an entry that is gone'"]],
  'the tree that lockfileVersion 2 keeps for npm 6': [[NPM, 'prunes the tree that lockfileVersion 2 keeps']],
  'bundled dependencies': [
    [NPM, 'aliases and bundled packages'],
    [BUN, 'bundled dependencies'],
  ],
  'install strategies of npm': [[NPM, 'keeps the layout of install-strategy']],
  'indentation and newlines as written': [[NPM, 'keeps indent, newlines']],
  'a shrinkwrap': [[NPM, 'reads the npm-shrinkwrap.json']],
  'the top place of a dropped workspace': [[BUN, 'the top place was that of a dropped workspace']],
  'trusted dependencies in their order': [[BUN, 'trustedDependencies: many']],
  'linkers of bun': [[BUN, 'the isolated linker']],
  'a binary lockfile': [['unit/package-managers/bun.test.ts', 'alone as a binary one']],
  "names like the lockfile's own keys, or like numbers": [
    [PNPM, 'named like keys of a lockfile'],
    [BERRY, "names like the lockfile's own keys"],
    [CLASSIC, 'names like keys of the format'],
    [BUN, 'names like keys of the format'],
    [ODD, 'packs packages that are called as what every object has'],
  ],
  'text that is literal, long or not ASCII': [
    ['unit/package-managers/pnpm-prune.test.ts', 'literal text with blank lines included'],
    ['fuzz/invent-registry.ts', 'über alle Maße'],
  ],
  'sections that end empty': [
    [PNPM, 'drops sections that end empty'],
    [BERRY, 'no package of the registry is left'],
  ],
  'pruned twice, and to everything': [
    ['install/corpus.test.ts', 'pruned to everything loses what is left over'],
    [FUZZ, 'prunes twice'],
    [FUZZ, 'prunes to everything'],
  ],
  'changes outside the closure': [
    [PNPM, 'changes no byte of the install for an edit outside'],
    [NPM, 'changes no byte for an edit'],
    [FUZZ, 'unchanged by what is outside'],
  ],
  'masked versions in every kind of range': [['install/internal-names.test.ts', 'asks no registry']],
  'a production lockfile': [
    [FUZZ, 'same tree'],
    ['install/production.test.ts', 'installs at run time what the app needs then'],
  ],
  'a scope with a registry of its own': [[ODD, 'takes the packages of a scope from the registry of that scope']],
  'packages of git': [['install/git-dependencies.test.ts', 'installs packages that git holds']],
  'folders that npm copies': [[NPM, 'takes along folders that install-links copies']],
  'workspaces that a workspace declares': [[BERRY, 'workspaces that a workspace declares']],
  'what a frozen install does not tell': [
    [DAMAGES, "'a hash that no patch has'"],
    [DAMAGES, "'an entry without integrity'"],
    [DAMAGES, "'an entry without a checksum'"],
    [DAMAGES, "'a version outside the range'"],
    [DAMAGES, "'an override out of step'"],
    [DAMAGES, "'a key twice'"],
  ],
  'lifecycle scripts that the install leaves out': [['docker/offline-build.test.ts', '"prepare"']],
  'scripts of the root that need files left out': [
    ['unit/real-lessons.test.ts', "a script of the root that the config names runs before the builds, with its files; husky's does not"],
  ],
  'a program that a build makes of a workspace package': [[PNPM, 'links the program of a workspace that a build has yet to make']],
  'overrides and patches by catalog and range': [
    [PNPM, 'keeps an override that refers to a catalog'],
    [PNPM, 'exact, by range and by name'],
  ],
  'markers of a merge conflict': [[BAD, 'conflict']],
  'a lockfile of another version than the manager': [['unit/package-managers/pnpm-lockfile.test.ts', 'must be one that accepts the lockfile']],
  'lockfiles of two managers': [[BAD, 'lockfiles']],
};

it.each(Object.entries(cases))('%s', (_case, tests) => {
  for (const [file, name] of tests) expect(readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8'), file).toContain(name);
});
