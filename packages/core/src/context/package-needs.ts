import type { AppConfig } from '../config/schema.ts';
import type { Diagnostic, Importer, Resolution } from '../model.ts';
import { findBrowserNeeds } from './browsers.ts';
import { findNativePackages } from './native-packages.ts';

/** What packages of the lockfile need of the stages they are installed, used and run in. */
export interface PackageNeeds {
  /** Debian packages of the install and build stages. */
  readonly systemPackages: readonly string[];
  /** Debian packages of the running image. */
  readonly runtimePackages: readonly string[];
  /** `name@version` of packages that both installs would compile, sorted. */
  readonly compiledTwice: readonly string[];
  /** Environment of the installs. */
  readonly installEnv: Readonly<Record<string, string>>;
  /** Browsers of Playwright in the running image, and the commands that install them. */
  readonly browsers: readonly string[];
  readonly installBrowsers: readonly string[];
  /** Environment of the running app. */
  readonly runtimeEnv: Readonly<Record<string, string>>;
  /** Whether a build generates a Prisma client into `node_modules`. */
  readonly generatesPrisma: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Downloads that no build uses and that would fill the install layer, by the package that makes them. */
const skippedDownloads: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  puppeteer: { PUPPETEER_SKIP_DOWNLOAD: 'true' },
  playwright: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
  '@playwright/browser-chromium': { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
  cypress: { CYPRESS_INSTALL_BINARY: '0' },
  electron: { ELECTRON_SKIP_BINARY_DOWNLOAD: '1' },
};

/**
 * Compilers for native packages, OpenSSL for Prisma's engines, browsers for what the running app drives them with; those that only tests use are
 * not downloaded.
 * @param running packages of the workspace that the image runs
 * @throws StowageError InvalidConfig
 */
export function findPackageNeeds(
  resolutions: readonly Resolution[],
  config: Pick<AppConfig, 'browsers' | 'runtimePackages' | 'systemPackages'>,
  running: readonly Importer[],
): PackageNeeds {
  const native = findNativePackages(resolutions, config.systemPackages);
  const browsers = findBrowserNeeds(resolutions, config, running);
  const has = (name: string): boolean => resolutions.some((each) => each.name === name);
  const generatesPrisma = has('@prisma/client');
  const openssl = generatesPrisma ? ['openssl'] : [];
  return {
    systemPackages: config.systemPackages ?? [...native.systemPackages, ...openssl],
    runtimePackages: config.runtimePackages ?? [...openssl, ...browsers.runtimePackages],
    compiledTwice: native.compiledTwice,
    installEnv: Object.assign({}, ...Object.entries(skippedDownloads).flatMap(([name, env]) => (has(name) ? [env] : []))),
    runtimeEnv: browsers.env,
    browsers: browsers.browsers,
    installBrowsers: browsers.commands,
    generatesPrisma,
    diagnostics: [...native.diagnostics, ...browsers.diagnostics],
  };
}
