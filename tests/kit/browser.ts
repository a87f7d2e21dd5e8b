import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Browser as Chromium, chromium, type LaunchOptions } from 'playwright-core';

/** A headless Chromium from the npm registry, of which nothing is installed; where it does not run, the Chrome of this machine. */
export class Browser {
  readonly #folder: string;
  readonly #chromium: Chromium;

  private constructor(folder: string, browser: Chromium) {
    this.#folder = folder;
    this.#chromium = browser;
  }

  static async start(): Promise<Browser> {
    const folder = mkdtempSync(join(tmpdir(), 'stowage-chromium-'));
    try {
      return new Browser(folder, await chromium.launch(unpack(folder)));
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
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
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function unpack(folder: string): LaunchOptions {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { channel: 'chrome' };
  // The libraries come along only where the package takes the machine for a serverless one.
  const env = { ...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' };
  const executablePath = execFileSync(process.execPath, [fileURLToPath(new URL('unpack-chromium.mjs', import.meta.url))], { env, encoding: 'utf8' });
  // Its own list of fonts names folders of such a machine; without a font, text has no size, and what has none counts as hidden.
  const fonts = join(folder, 'fonts.conf');
  writeFileSync(fonts, `<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'cache')}</cachedir></fontconfig>\n`);
  const found = { LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_FILE: fonts };
  // Pages of our own alone are opened, and the sandbox wants a user who is not root.
  return { executablePath, args: ['--no-sandbox', '--disable-gpu'], env: { ...process.env, ...found } };
}
