import type { Importer, PackageManager } from '../../model.ts';
import { shellWord } from '../../shell-word.ts';
import type { DockerCommands, InstallScope, PrunedInstall } from '../adapter.ts';
import { sanitizeNpmrc } from '../npmrc.ts';
import { runLinkedBin } from '../run-bin.ts';

/** How npm installs and runs a pruned folder in an image. Settings that the repository has in its `.npmrc` lie in the folder. */
export function dockerCommands(packageManager: PackageManager, install: PrunedInstall): DockerCommands {
  const npmrc = install.files.find(({ path }) => path === '.npmrc');
  const ids = install.importers.map(({ id }) => id);
  const run = (importer: Importer, script: string) => `npm run ${shellWord(script)}${workspaceFlag(importer, ids)}`;
  return {
    setup: [`npm install --global npm@${packageManager.version}`],
    env: { npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false' },
    install: (mode) => ({ command: ['npm', 'ci', ...dependencyFlags(mode)].join(' '), caches: [{ id: 'npm', target: '/root/.npm' }] }),
    runScript: run,
    runBin: runLinkedBin,
    build: (importers) => importers.map((importer) => run(importer, 'build')),
    runtimeEnv: {},
    leftovers: ['node_modules/.package-lock.json'],
    secrets: npmrc !== undefined && 'text' in npmrc ? sanitizeNpmrc(npmrc).secrets : [],
  };
}

export function verifyCommand(packageManager: PackageManager, mode: InstallScope['mode']): readonly string[] {
  return [
    'npx',
    '--yes',
    `--package=npm@${packageManager.version}`,
    'npm',
    'ci',
    ...dependencyFlags(mode),
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
  ];
}

/** A base image that sets NODE_ENV=production would leave out what the build needs. */
function dependencyFlags(mode: InstallScope['mode']): readonly string[] {
  return [mode === 'prod' ? '--omit=dev' : '--include=dev'];
}

/** A folder means every workspace below it too, so one that holds others is called by its name. */
function workspaceFlag({ id, name }: Importer, ids: readonly string[]): string {
  if (id === '.') return '';
  return ` --workspace=${shellWord(ids.some((other) => other.startsWith(`${id}/`)) ? name : id)}`;
}
