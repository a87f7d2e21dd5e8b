import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Browser as Chromium, chromium } from 'playwright-core';

const IMAGE = 'docker.io/stowage-test/chromium:latest';

/** Debian's Chromium, headless in a container that shares the machine's network. */
export class Browser {
  readonly #container: string;
  readonly #chromium: Chromium;

  private constructor(container: string, browser: Chromium) {
    this.#container = container;
    this.#chromium = browser;
  }

  static async start(): Promise<Browser> {
    // Uncompressed: nobody sends this image anywhere, and to pack it takes longer than all else.
    const output = `--output=type=image,name=${IMAGE},compression=uncompressed,unpack=true`;
    execFileSync('docker', ['buildx', 'build', output, fileURLToPath(new URL('chromium', import.meta.url))], { stdio: 'ignore' });
    const container = execFileSync('docker', ['run', '--detach', '--network=host', IMAGE], { encoding: 'utf8' }).trim();
    for (let attempt = 0; attempt < 120; attempt++) {
      const { stderr } = spawnSync('docker', ['logs', container], { encoding: 'utf8' });
      const address = /DevTools listening on (\S+)/.exec(stderr)?.[1];
      if (address !== undefined) return new Browser(container, await chromium.connectOverCDP(address));
      await setTimeout(250);
    }
    throw new Error('Chromium does not start');
  }

  /** Opens a page and waits until an element says something; what went wrong meanwhile: console errors, failed requests, exceptions, a text that does not come. */
  async open(url: string, selector: string, text: string): Promise<readonly string[]> {
    for (let attempt = 1; ; attempt++) {
      const problems = await this.#openOnce(url, selector, text);
      // The network is the machine's: each container that starts or ends beside this one changes it, and Chromium drops what it was loading.
      if (attempt === 5 || !problems.some((problem) => problem.includes('ERR_NETWORK_CHANGED'))) return problems;
      await setTimeout(1000);
    }
  }

  async #openOnce(url: string, selector: string, text: string): Promise<readonly string[]> {
    const page = await this.#chromium.newPage();
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('response', (response) => response.status() >= 400 && problems.push(`${response.status()} ${response.url()}`));
    try {
      await page.goto(url, { waitUntil: 'load' });
      await page.locator(selector, { hasText: text }).first().waitFor({ timeout: 20_000 });
    } catch (error) {
      problems.push(String(error));
    } finally {
      await page.close();
    }
    return problems;
  }

  async stop(): Promise<void> {
    await this.#chromium.close();
    execFileSync('docker', ['rm', '--force', this.#container], { stdio: 'ignore' });
  }
}
