import { major } from 'semver';
import type { Importer, PackageManager } from '../../model.ts';
import { shellWord } from '../../shell-word.ts';
import type { DockerCommands, InstallScope, PrunedInstall } from '../adapter.ts';
import { environmentReferences } from '../npmrc.ts';
import { runLinkedBin } from '../run-bin.ts';

const STORE = '/pnpm/store';

/** How an image installs and uses a pruned folder with exactly this pnpm. */
export function dockerCommands({ version }: PackageManager, install: PrunedInstall): DockerCommands {
  return {
    setup: [`npm install --global pnpm@${version}`],
    env: environment(version),
    install: (mode) => ({ command: installCommand(mode), caches: [{ id: 'pnpm-store', target: STORE }] }),
    runScript,
    runBin: runLinkedBin,
    build,
    runtimeEnv: {},
    leftovers: [...install.files.map(({ path }) => path).filter(isReadByInstallAlone), ...STATE].sort(),
    secrets: secretsOf(install),
  };
}

export function verifyCommand({ version }: PackageManager, mode: InstallScope['mode']): string[] {
  const thisVersion = major(version) >= 11 ? '--config.pm-on-fail=ignore' : '--config.manage-package-manager-versions=false';
  return [
    'npx',
    '--yes',
    `--package=pnpm@${version}`,
    'pnpm',
    'install',
    '--frozen-lockfile',
    '--ignore-scripts',
    thisVersion,
    ...(mode === 'prod' ? ['--prod'] : []),
  ];
}

function runScript(importer: Importer, script: string): string {
  return `pnpm ${folder('--dir', importer)} run ${shellWord(script)}`;
}

/** pnpm sorts and runs side by side what it can; the root, which pnpm 9 leaves out of a recursive run, comes last. */
function build(importers: readonly Importer[]): string[] {
  const root = importers.filter(({ id }) => id === '.');
  const others = importers.filter(({ id }) => id !== '.').map((importer) => folder('--filter', importer));
  return [...(others.length > 0 ? [`pnpm --recursive ${others.join(' ')} run build`] : []), ...root.map((importer) => runScript(importer, 'build'))];
}

/** What pnpm keeps in node_modules for its next install; it tells the time, too. */
const STATE = [
  'node_modules/.modules.yaml',
  'node_modules/.pnpm-workspace-state.json',
  'node_modules/.pnpm-workspace-state-v1.json',
  'node_modules/.pnpm/lock.yaml',
];

/** Variables that the rc file and the settings (`registries`) refer to. */
function secretsOf({ files }: PrunedInstall): string[] {
  const texts = files.flatMap((file) => ('text' in file && ['.npmrc', 'pnpm-workspace.yaml'].includes(file.path) ? [file.text] : []));
  return [...new Set(texts.flatMap(environmentReferences))].sort();
}

/** Lockfile, settings, rc file, pnpmfile, patches and tarballs; the manifest of a linked folder is read by the running app too. */
function isReadByInstallAlone(path: string): boolean {
  return !path.includes('/') || /\.(?:patch|diff|tgz|tar\.gz)$/.test(path);
}

/**
 * Runs of scripts neither install again, once the real manifests lie over the masked ones, nor look for another pnpm,
 * which `packageManager` makes them do: both would need the network. pnpm 11 reads `pnpm_config_*`, older ones `npm_config_*`.
 */
function environment(version: string): Record<string, string> {
  return major(version) >= 11
    ? { pnpm_config_verify_deps_before_run: 'false', pnpm_config_pm_on_fail: 'ignore' }
    : { npm_config_verify_deps_before_run: 'false', npm_config_manage_package_manager_versions: 'false' };
}

/** pnpm 8 and 9 leave out devDependencies where a base image sets NODE_ENV=production, if not told otherwise. */
function installCommand(mode: InstallScope['mode']): string {
  return `pnpm install --frozen-lockfile --store-dir ${STORE} ${mode === 'prod' ? '--prod' : '--prod=false'}`;
}

function folder(option: string, { id }: Importer): string {
  return `${option} ${shellWord(id === '.' ? '.' : `./${id}`)}`;
}
