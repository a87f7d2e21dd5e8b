import type { Importer, PackageManager } from '../../model.ts';
import { shellWord } from '../../shell-word.ts';
import type { DockerCommands, InstallScope, PrunedInstall } from '../adapter.ts';
import { sanitizeNpmrc } from '../npmrc.ts';
import { runLinkedBin } from '../run-bin.ts';

const CACHE = '/usr/local/share/.cache/yarn';

/** Node's images bring some yarn 1 of their own, so the exact one is forced over it. Yarn's cache stands no two installs at a time. */
export function dockerClassic({ version }: PackageManager, install: PrunedInstall): DockerCommands {
  const npmrc = install.files.find((file) => file.path === '.npmrc');
  const runScript = ({ id }: Importer, script: string) => `yarn ${id === '.' ? '' : `--cwd ${shellWord(id)} `}run ${shellWord(script)}`;
  return {
    setup: [`npm install --global --force yarn@${version}`],
    env: {},
    install: (mode) => ({
      command: ['yarn', ...installWords(mode), `--cache-folder ${CACHE}`].join(' '),
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

export function verifyClassic({ version }: PackageManager, mode: InstallScope['mode']): readonly string[] {
  return ['npx', '--yes', `--package=yarn@${version}`, 'yarn', ...installWords(mode), '--ignore-scripts'];
}

function installWords(mode: InstallScope['mode']): string[] {
  return ['install', '--frozen-lockfile', '--non-interactive', ...(mode === 'prod' ? ['--production'] : [])];
}
