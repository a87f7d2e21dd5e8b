import type { Importer, PackageManager } from '../../model.ts';
import { shellWord } from '../../shell-word.ts';
import type { DockerCommands, PrunedInstall } from '../adapter.ts';
import { parseSettings, referencedVariables, settingsFile } from './settings.ts';

/** Where yarn keeps what it downloads, out of the project's way. */
const globalFolder = '/var/cache/yarn';

/** How a pruned folder is installed and used with its yarn: the repository's release file where it has one, else the released program. */
export function dockerCommands(packageManager: PackageManager, install: PrunedInstall): DockerCommands {
  const text = textOf(install, settingsFile);
  const settings = parseSettings(text);
  const committed = settings.yarnPath !== undefined && install.files.some(({ path }) => path === settings.yarnPath);
  const yarn = committed ? `node ${settings.yarnPath}` : 'yarn';
  const secrets = referencedVariables(text);
  // Each command of yarn reads the settings and fails for a variable that is not set; only the install needs its value.
  const offline = secrets.map((name) => `${name}= `).join('');
  const run = ({ id }: Importer, script: string): string =>
    `${offline}${yarn}${id === '.' ? '' : ` --cwd ${shellWord(id)}`} run ${shellWord(script)}`;
  const pnp = settings.nodeLinker === 'pnp';
  const archives = install.files.some(({ path }) => path.startsWith(`${settings.cacheFolder}/`));
  return {
    setup: committed ? [] : [`npm install --global --force @yarnpkg/cli-dist@${packageManager.version}`],
    env: {
      YARN_ENABLE_TELEMETRY: '0',
      YARN_GLOBAL_FOLDER: globalFolder,
      // Plug'n'play reads packages from their archives when the app runs; committed archives spare the downloads. Both lie in the project.
      YARN_ENABLE_GLOBAL_CACHE: pnp || archives ? 'false' : 'true',
      ...(settings.enableConstraintsChecks ? { YARN_ENABLE_CONSTRAINTS_CHECKS: 'false' } : {}),
    },
    install: () => ({ command: `${yarn} install --immutable`, caches: [{ id: 'yarn-berry', target: globalFolder }] }),
    runScript: run,
    runBin: (importer, [program = '', ...words]) => [run(importer, program), ...words.map(shellWord)].join(' '),
    build: (importers) => importers.map((importer) => run(importer, 'build')),
    runtimeEnv: pnp ? { NODE_OPTIONS: pnpOptions(install, settings.pnpEnableEsmLoader) } : {},
    leftovers: leftovers(install, pnp ? undefined : settings.cacheFolder),
    secrets,
  };
}

/** Yarn writes the loader of ES modules where the settings, or the type of any workspace, ask for it. */
function pnpOptions(install: PrunedInstall, setting: string | undefined): string {
  const loader = setting === undefined ? install.importers.some(({ manifest }) => manifest.type === 'module') : setting === 'true';
  return `--require /app/.pnp.cjs${loader ? ' --experimental-loader file:///app/.pnp.loader.mjs' : ''}`;
}

function leftovers(install: PrunedInstall, cacheFolder: string | undefined): readonly string[] {
  const planned = install.files
    .map(({ path }) => path)
    .filter((path) => path === 'yarn.lock' || path === settingsFile || /^\.yarn\/(?:releases|plugins|patches)\//.test(path));
  const folders = planned.map((path) => path.split('/').slice(0, 2).join('/'));
  return [
    ...new Set([
      ...folders,
      '.yarn/install-state.gz',
      '.yarn/build-state.yml',
      'node_modules/.yarn-state.yml',
      ...(cacheFolder === undefined ? [] : [cacheFolder]),
    ]),
  ].sort();
}

function textOf(install: PrunedInstall, path: string): string {
  const file = install.files.find((candidate) => candidate.path === path);
  return file !== undefined && 'text' in file ? file.text : '';
}
