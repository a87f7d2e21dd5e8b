import type { Importer, PackageManager } from '../../model.ts';
import { shellWord } from '../../shell-word.ts';
import type { DockerCommands, InstallScope, PrunedInstall } from '../adapter.ts';
import { sanitizeNpmrc } from '../npmrc.ts';
import { runLinkedBin } from '../run-bin.ts';

const CACHE = '/usr/local/share/.cache/yarn';

/**
 * Milliseconds that a download may stand still. Yarn's own 30 seconds run out while packages of many files are unpacked, the more so where
 * stages install side by side; it then downloads again, a few times, and the install fails.
 */
const NETWORK_TIMEOUT = 600_000;

/** Node's images bring some yarn 1 of their own, so the exact one is forced over it. Yarn's cache stands no two installs at a time. */
export function dockerClassic({ version }: PackageManager, install: PrunedInstall): DockerCommands {
  const npmrc = install.files.find((file) => file.path === '.npmrc');
  const timeout = isTimeoutSet(install) ? [] : [`--network-timeout ${NETWORK_TIMEOUT}`];
  const runScript = ({ id }: Importer, script: string) => `yarn ${id === '.' ? '' : `--cwd ${shellWord(id)} `}run ${shellWord(script)}`;
  return {
    setup: [`npm install --global --force yarn@${version}`],
    env: {},
    install: (mode) => ({
      command: ['yarn', ...installWords(mode), ...timeout, `--cache-folder ${CACHE}`].join(' '),
      caches: [{ id: 'yarn-classic', target: CACHE, exclusive: true }],
    }),
    runScript,
    runBin: runLinkedBin,
    build: (importers) => importers.map((importer) => runScript(importer, 'build')),
    runtimeEnv: {},
    leftovers: ['node_modules/.yarn-integrity'],
    secrets: npmrc !== undefined && 'text' in npmrc ? sanitizeNpmrc(npmrc).secrets : [],
  };
}

/** A word of the command line would win over the repository's own. */
function isTimeoutSet({ files }: PrunedInstall): boolean {
  return files.some((file) => /^\.(?:yarn|npm)rc$/.test(file.path) && 'text' in file && file.text.includes('network-timeout'));
}

export function verifyClassic({ version }: PackageManager, mode: InstallScope['mode']): readonly string[] {
  return ['npx', '--yes', `--package=yarn@${version}`, 'yarn', ...installWords(mode), '--ignore-scripts'];
}

function installWords(mode: InstallScope['mode']): string[] {
  return ['install', '--frozen-lockfile', '--non-interactive', ...(mode === 'prod' ? ['--production'] : [])];
}
