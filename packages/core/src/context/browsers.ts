import type { AppConfig } from '../config/schema.ts';
import { ErrorCode, StowageError } from '../errors.ts';
import type { Diagnostic, Importer, Resolution } from '../model.ts';

/** What the running image has of browsers. */
export interface BrowserNeeds {
  /** Packages of the system. */
  readonly runtimePackages: readonly string[];
  /** Names of Playwright's own. */
  readonly browsers: readonly string[];
  /** Commands that install Playwright's own browsers, each for the version of Playwright that starts it, with the libraries they load. */
  readonly commands: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
}

const chromium = '/usr/bin/chromium';
/** Where Playwright puts its browsers and looks for them, whoever runs it. */
const folder = '/opt/browsers';

/**
 * Debian's Chromium for a Puppeteer that runs, and Playwright's own for a Playwright that packages of the running app depend on themselves: one that a
 * framework names as a peer is there for tests.
 * @param running packages of the workspace that the image runs
 * @throws StowageError InvalidConfig where `browsers` asks for one of Playwright's, and the app does not run with Playwright
 */
export function findBrowserNeeds(
  resolutions: readonly Resolution[],
  config: Pick<AppConfig, 'browsers' | 'runtimePackages'>,
  running: readonly Importer[],
): BrowserNeeds {
  const versions = (name: string): string[] => resolutions.filter((each) => each.name === name && each.runtime).map(({ version }) => version);
  const system = versions('puppeteer').length > 0 ? ['chromium'] : [];
  const runtimePackages = config.runtimePackages ?? system;
  const bySystem = runtimePackages.includes('chromium');
  const browsers =
    config.browsers ?? (running.some(({ manifest }) => manifest.dependencies?.playwright !== undefined) && !bySystem ? ['chromium'] : []);
  const [name, found] = versions('playwright').length > 0 ? ['playwright', versions('playwright')] : ['playwright-core', versions('playwright-core')];
  if (browsers.length > 0 && found.length === 0) {
    throw new StowageError(ErrorCode.InvalidConfig, '"browsers" are those of Playwright, and the app does not run with it.', {
      where: { key: 'browsers' },
      hint: 'Add playwright to the dependencies of package.json, or take a browser of the system: "runtimePackages": ["chromium"].',
    });
  }
  return {
    runtimePackages: system,
    browsers,
    commands:
      browsers.length === 0
        ? []
        : found.map((version) => `PLAYWRIGHT_BROWSERS_PATH=${folder} npx --yes ${name}@${version} install --with-deps ${browsers.join(' ')}`),
    env: {
      ...(bySystem ? { PUPPETEER_EXECUTABLE_PATH: chromium, CHROME_PATH: chromium } : {}),
      ...(browsers.length > 0 ? { PLAYWRIGHT_BROWSERS_PATH: folder } : {}),
    },
    diagnostics: [
      ...(system.length > 0 && config.runtimePackages === undefined ? [systemBrowser] : []),
      ...(browsers.length > 0 && config.browsers === undefined ? [ownBrowser] : []),
    ],
  };
}

const systemBrowser: Diagnostic = {
  level: 'info',
  code: 'system-browser',
  message: "puppeteer runs Debian's chromium in the image; its own download stays out.",
  hint: '"runtimePackages" in the config names other packages, such as fonts too.',
};

const ownBrowser: Diagnostic = {
  level: 'info',
  code: 'own-browser',
  message: 'playwright is a dependency of the running app: its chromium, with the libraries it loads, is in the image.',
  hint: '"browsers" in the config names others, or [] for none; with "runtimePackages": ["chromium"], launch({ executablePath: process.env.CHROME_PATH }) starts Debian\'s.',
};
