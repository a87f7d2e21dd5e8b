import { existsSync, readdirSync } from 'node:fs';
import { StowageError } from '@stowage/core';
import { afterEach, describe, expect, it } from 'vitest';
import { Repository } from '../kit/repository.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const app = json({ name: 'web', version: '1.0.0', scripts: { start: 'node index.js' } });
const pnpmLock =
  "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n\nimporters:\n\n  .: {}\n\n  apps/web: {}\n";
const npmLock = json({
  name: 'root',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': { name: 'root', workspaces: ['apps/*'] },
    'apps/web': { name: 'web', version: '1.0.0' },
    'node_modules/web': { resolved: 'apps/web', link: true },
  },
});
const npm = {
  'package.json': json({ name: 'root', private: true, packageManager: 'npm@11.6.2', workspaces: ['apps/*'] }),
  'package-lock.json': npmLock,
  'apps/web/package.json': app,
  'apps/web/index.js': '',
};
const pnpm = {
  'package.json': json({ name: 'root', private: true, packageManager: 'pnpm@10.34.9' }),
  'pnpm-workspace.yaml': 'packages:\n  - apps/*\n',
  'pnpm-lock.yaml': pnpmLock,
  'apps/web/package.json': app,
  'apps/web/index.js': '',
};
const withDependency = json({ name: 'web', version: '1.0.0', dependencies: { once: '1.4.0' } });
const snapshotless = pnpmLock.replace(
  'apps/web: {}',
  'apps/web:\n    dependencies:\n      once:\n        specifier: 1.4.0\n        version: 1.4.0\n',
);

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly app?: string;
  readonly code: string;
  /** Said to the person: in the message, the place or the hint. */
  readonly says: RegExp;
}

const without = (files: Readonly<Record<string, string>>, ...paths: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !paths.includes(path)));

const cases: Readonly<Record<string, Case>> = {
  'no lockfile': { files: without(npm, 'package-lock.json'), code: 'STW3002', says: /npm install/ },
  'a lockfile that git ignores': { files: { ...npm, '.gitignore': 'package-lock.json\n' }, code: 'STW3002', says: /ignored/ },
  'two lockfiles': { files: { ...npm, 'pnpm-lock.yaml': pnpmLock }, code: 'STW3003', says: /package-lock\.json.*|pnpm-lock\.yaml/ },
  "another manager's lockfile": {
    files: { ...npm, 'package.json': npm['package.json'].replace('npm@11.6.2', 'pnpm@10.34.9') },
    code: 'STW3004',
    says: /package-lock\.json/,
  },
  "a pnpm that refuses the lockfile's version": {
    files: { ...pnpm, 'pnpm-lock.yaml': pnpmLock.replace("'9.0'", "'6.0'") },
    code: 'STW3004',
    says: /10\.34\.9/,
  },
  'a pnpm lockfile from the future': { files: { ...pnpm, 'pnpm-lock.yaml': pnpmLock.replace("'9.0'", "'99.0'") }, code: 'STW3004', says: /99/ },
  'an npm lockfile from the future': {
    files: { ...npm, 'package-lock.json': npmLock.replace('"lockfileVersion": 3', '"lockfileVersion": 99') },
    code: 'STW3004',
    says: /99/,
  },
  'an npm lockfile of version 1': {
    files: { ...npm, 'package-lock.json': json({ name: 'root', lockfileVersion: 1, dependencies: {} }) },
    code: 'STW3004',
    says: /npm/,
  },
  'merge conflict markers in pnpm-lock.yaml': {
    files: { ...pnpm, 'pnpm-lock.yaml': pnpmLock.replace('  .: {}', '<<<<<<< HEAD\n  .: {}\n=======\n  .: {}\n>>>>>>> main') },
    code: 'STW3005',
    says: /conflict/,
  },
  'merge conflict markers in package-lock.json': {
    files: { ...npm, 'package-lock.json': `<<<<<<< HEAD\n${npmLock}=======\n${npmLock}>>>>>>> main\n` },
    code: 'STW3005',
    says: /conflict/,
  },
  'a pnpm lockfile that is no YAML': {
    files: { ...pnpm, 'pnpm-lock.yaml': `${pnpmLock}\n  : : :\n\t- x` },
    code: 'STW3006',
    says: /pnpm-lock\.yaml/,
  },
  'an npm lockfile cut off': { files: { ...npm, 'package-lock.json': npmLock.slice(0, 120) }, code: 'STW3006', says: /package-lock\.json/ },
  'an empty lockfile': { files: { ...npm, 'package-lock.json': '' }, code: 'STW3006', says: /package-lock\.json/ },
  'a dependency that npm has not locked': { files: { ...npm, 'apps/web/package.json': withDependency }, code: 'STW3008', says: /once/ },
  'a dependency that pnpm has not locked': { files: { ...pnpm, 'apps/web/package.json': withDependency }, code: 'STW3008', says: /once/ },
  'a pnpm lockfile that lacks an entry': {
    files: { ...pnpm, 'apps/web/package.json': withDependency, 'pnpm-lock.yaml': snapshotless },
    code: 'STW3007',
    says: /once@? ?1\.4\.0/,
  },
  'a root manifest that is no JSON': { files: { ...npm, 'package.json': '{ "name": "root", }' }, code: 'STW3009', says: /package\.json/ },
  "an app's manifest that is no JSON": {
    files: { ...npm, 'apps/web/package.json': '{\n  "name": "web",\n  oops\n}' },
    code: 'STW3009',
    says: /apps\/web\/package\.json/,
  },
  'a broken manifest, by its line': {
    files: { ...npm, 'apps/web/package.json': '{\n  "name": "web",\n  "private": tru,\n}' },
    code: 'STW3009',
    says: /apps\/web\/package\.json.*3/,
  },
  "an app's manifest that is null": { files: { ...npm, 'apps/web/package.json': 'null\n' }, code: 'STW3009', says: /no JSON object/ },
  'a script that is a number': {
    files: { ...npm, 'apps/web/package.json': json({ name: 'web', scripts: { start: 5 } }) },
    code: 'STW3009',
    says: /scripts\.start/,
  },
  'workspaces that are no list': {
    files: { ...npm, 'package.json': npm['package.json'].replace(/\["?\s*"apps\/\*"\s*\]/, '"apps/*"') },
    code: 'STW3009',
    says: /workspaces/,
  },
  'packages of pnpm-workspace.yaml that are no list': {
    files: { ...pnpm, 'pnpm-workspace.yaml': 'packages: apps/*\n' },
    code: 'STW3014',
    says: /packages/,
  },
  'merge conflict markers in a manifest': {
    files: { ...npm, 'apps/web/package.json': `<<<<<<< a\n${app}=======\n${app}>>>>>>> b\n` },
    code: 'STW3009',
    says: /conflict/,
  },
  'a pnpm-workspace.yaml that is no YAML': {
    files: { ...pnpm, 'pnpm-workspace.yaml': 'packages:\n  - apps/*\n - x: [\n' },
    code: 'STW3014',
    says: /pnpm-workspace\.yaml/,
  },
  'a misspelt app': { files: npm, app: 'wbe', code: 'STW2001', says: /Did you mean web/ },
  'an app that does not exist': { files: npm, app: 'somewhere-else-entirely', code: 'STW2001', says: /stowage list/ },
  'a name that two packages of the workspace have': { files: { ...npm, 'apps/web2/package.json': app }, code: 'STW2007', says: /apps\/web2/ },
  'a package manager that nobody knows': {
    files: { ...npm, 'package.json': npm['package.json'].replace('npm@11.6.2', 'pnmp@1.0.0') },
    code: 'STW3011',
    says: /pnpm/,
  },
  'bun.lockb alone': {
    files: { ...without(npm, 'package-lock.json'), 'package.json': npm['package.json'].replace('npm@11.6.2', 'bun@1.3.11'), 'bun.lockb': 'binary' },
    code: 'STW3004',
    says: /save-text-lockfile/,
  },
  'an unknown key of the config': { files: { ...npm, 'stowage.json': json({ inclde: ['x'] }) }, code: 'STW2002', says: /include/ },
  'a config value of the wrong type': {
    files: { ...npm, 'apps/web/stowage.json': '{\n  "port": "http"\n}\n' },
    code: 'STW2002',
    says: /apps\/web\/stowage\.json/,
  },
  'a config that is no JSON': { files: { ...npm, 'stowage.json': '{ "apps": ' }, code: 'STW2002', says: /stowage\.json/ },
  'a config for an app that does not exist': {
    files: { ...npm, 'stowage.json': json({ apps: { wbe: {} } }) },
    code: 'STW2002',
    says: /Did you mean web/,
  },
  'a config for a name that two packages have': {
    files: { ...npm, 'apps/web2/package.json': app, 'stowage.json': json({ apps: { web: {} } }) },
    app: 'apps/web',
    code: 'STW2002',
    says: /apps\/web, apps\/web2[\s\S]*"file":"stowage.json","line":3/,
  },
  'a preset that does not exist': {
    files: { ...npm, 'apps/web/stowage.json': json({ preset: 'vte' }) },
    code: 'STW2004',
    says: /"file":"apps\/web\/stowage.json","line":2,"key":"preset"[\s\S]*vite/,
  },
  'a root script that does not exist': {
    files: { ...npm, 'stowage.json': json({ port: 80, rootScripts: ['nope'] }) },
    code: 'STW2002',
    says: /no script "nope"[\s\S]*"file":"stowage.json","line":3,"key":"rootScripts"/,
  },
  'a runtime that the app cannot have': {
    files: { ...npm, 'stowage.json': json({ apps: { web: { runtime: 'distroless', beforeStart: 'node migrate.js' } } }) },
    code: 'STW2002',
    says: /"file":"stowage.json","line":4,"key":"apps.web.runtime"[\s\S]*Run that command elsewhere, or take "runtime": "slim"/,
  },
  'a glob that leaves the workspace': {
    files: { ...npm, 'apps/web/package.json': json({ name: 'web', version: '1.0.0', stowage: { runtimeInclude: ['../../../x'] } }) },
    code: 'STW2002',
    says: /"file":"apps\/web\/package.json","line":5,"key":"stowage.runtimeInclude"/,
  },
  'a build script that does not exist': {
    files: { ...npm, 'apps/web/stowage.json': json({ build: 'buld' }) },
    code: 'STW2002',
    says: /no script "buld"[\s\S]*"file":"apps\/web\/stowage.json","line":2/,
  },
};

describe('bad input', () => {
  let repository: Repository | undefined;
  afterEach(() => repository?.remove());

  it.each(Object.entries(cases))('%s', async (_name, { files, app: wanted = 'web', code, says }) => {
    repository = Repository.of(files);
    const before = repository.git('status', '--porcelain');
    const error: unknown = await repository.pack(wanted).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(StowageError);
    const { code: seen, message, where, hint } = error as StowageError;
    expect({ code: seen, text: [message, JSON.stringify(where ?? {}), hint].join('\n') }).toEqual({ code, text: expect.stringMatching(says) });
    expect(existsSync(`${repository.folder}-out`) ? readdirSync(`${repository.folder}-out`) : []).toEqual([]);
    expect(repository.git('status', '--porcelain')).toBe(before);
  });
});
