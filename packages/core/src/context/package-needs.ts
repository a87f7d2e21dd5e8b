import type { AppConfig } from '../config/schema.ts';
import type { Diagnostic, Resolution } from '../model.ts';
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

const browser = '/usr/bin/chromium';

/**
 * Compilers for native packages, OpenSSL for Prisma's engines, Debian's Chromium for a Puppeteer that the running app has; browsers that
 * only tests use are not downloaded.
 */
export function findPackageNeeds(resolutions: readonly Resolution[], config: Pick<AppConfig, 'systemPackages' | 'runtimePackages'>): PackageNeeds {
  const native = findNativePackages(resolutions, config.systemPackages);
  const has = (name: string, runtime: boolean): boolean => resolutions.some((each) => each.name === name && (each.runtime || !runtime));
  const generatesPrisma = has('@prisma/client', false);
  const openssl = generatesPrisma ? ['openssl'] : [];
  const chromium = has('puppeteer', true) ? ['chromium'] : [];
  const runtimePackages = config.runtimePackages ?? [...openssl, ...chromium];
  return {
    systemPackages: config.systemPackages ?? [...native.systemPackages, ...openssl],
    runtimePackages,
    compiledTwice: native.compiledTwice,
    installEnv: Object.assign({}, ...Object.entries(skippedDownloads).flatMap(([name, env]) => (has(name, false) ? [env] : []))),
    runtimeEnv: runtimePackages.includes('chromium') ? { PUPPETEER_EXECUTABLE_PATH: browser, CHROME_PATH: browser } : {},
    generatesPrisma,
    diagnostics: [
      ...native.diagnostics,
      ...(chromium.length > 0 && config.runtimePackages === undefined ? [systemBrowser()] : []),
      ...(has('playwright', true) && !runtimePackages.includes('chromium') ? [noBrowser()] : []),
    ],
  };
}

function systemBrowser(): Diagnostic {
  return {
    level: 'info',
    code: 'system-browser',
    message: "puppeteer runs Debian's chromium in the image; its own download stays out.",
    hint: '"runtimePackages" in the config names other packages, such as fonts too.',
  };
}

/** Nothing but the program itself can tell Playwright to start another browser than its own. */
function noBrowser(): Diagnostic {
  return {
    level: 'warning',
    code: 'no-browser',
    message: 'playwright is among what the app runs with, and none of its browsers is in the image.',
    hint: `With "runtimePackages": ["chromium"] in the config, Debian's is: launch({ executablePath: process.env.CHROME_PATH }) starts it. Or have a stage of your own run \`playwright install --with-deps\`.`,
  };
}
