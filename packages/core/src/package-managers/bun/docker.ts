import type { Importer, PackageManager } from '../../model.ts';
import { shellWord } from '../../shell-word.ts';
import type { DockerCommands, InstallScope, PrunedInstall } from '../adapter.ts';
import { runLinkedBin } from '../run-bin.ts';
import { settingsSecrets } from './settings.ts';

const CACHE = '/root/.bun/install/cache';

export function dockerBun({ version }: PackageManager, install: PrunedInstall): DockerCommands {
  const runScript = ({ id }: Importer, script: string) => `bun run ${id === '.' ? '' : `--cwd ${shellWord(id)} `}${shellWord(script)}`;
  return {
    setup: [`npm install --global bun@${version}`],
    env: {},
    install: (mode) => ({
      command: ['bun', ...installWords(mode), `--cache-dir ${CACHE}`].join(' '),
      caches: [{ id: 'bun', target: CACHE }],
    }),
    runScript,
    runBin: runLinkedBin,
    build: (importers) => importers.map((importer) => runScript(importer, 'build')),
    runtimeEnv: {},
    leftovers: [],
    secrets: settingsSecrets(install.files),
  };
}

export function verifyBun({ version }: PackageManager, mode: InstallScope['mode']): readonly string[] {
  return ['npx', '--yes', `--package=bun@${version}`, 'bun', ...installWords(mode), '--ignore-scripts'];
}

function installWords(mode: InstallScope['mode']): string[] {
  return ['install', '--frozen-lockfile', ...(mode === 'prod' ? ['--production'] : [])];
}
