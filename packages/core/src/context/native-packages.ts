import type { Diagnostic, Resolution } from '../model.ts';

/** What Debian calls a compiler, and the interpreter that node-gyp runs on. */
const toolchain = ['python3', 'make', 'g++'];

/** Programs and headers that only a package with a part in C or C++ depends on. */
const marks = new Set(['prebuild-install', 'node-pre-gyp', '@mapbox/node-pre-gyp', 'nan', 'cmake-js', 'install-artifact-from-cache']);
/** Compiled packages that depend on none of these. */
const compiled = new Set(['isolated-vm', 'node-pty', 'deasync', 'node-expat', 'libxmljs', 'libxmljs2', 'node-rdkafka', 'bigint-buffer', 'libpq']);
/** They compile nothing here (macOS alone, libraries of their own) or do without. */
const harmless = new Set(['fsevents', 'sharp', 'cpu-features']);

export interface NativePackages {
  /** Debian packages of the install stages. */
  readonly systemPackages: readonly string[];
  /** `name@version` of packages that both installs would compile, sorted. */
  readonly compiledTwice: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Packages of the lockfile that are compiled where no binary for the platform can be downloaded, and what compiling them takes.
 * @param wanted what the config says, instead of what is found
 */
export function findNativePackages(resolutions: readonly Resolution[], wanted: readonly string[] | undefined): NativePackages {
  const dependents = new Set(resolutions.flatMap(({ name, neededBy }) => (marks.has(name) ? neededBy : [])));
  const found = resolutions.filter(
    ({ name, version }) => (compiled.has(name) || dependents.has(`${name}@${version}`)) && !marks.has(name) && !harmless.has(name),
  );
  const names = [...new Set(found.map(({ name }) => name))];
  return {
    systemPackages: wanted ?? (found.length === 0 ? [] : toolchain),
    compiledTwice: found.filter(({ runtime }) => runtime).map(({ name, version }) => `${name}@${version}`),
    diagnostics:
      found.length === 0 || wanted !== undefined
        ? []
        : [
            {
              level: 'info',
              code: 'native-packages',
              message: `${names.join(', ')}: compiled where no binary can be downloaded, so the install stages have ${toolchain.join(', ')}; the running image has not.`,
              hint: '"systemPackages" in the config names others, or none.',
            },
          ],
  };
}
