import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addedToBase } from '../../bench/real-apps/image-size.ts';
import { Browser } from '../kit/browser.ts';
import { buildProgram, stowage } from '../kit/cli.ts';
import { Container } from '../kit/engine.ts';
import { type Asked, gallery } from '../kit/gallery.ts';
import { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';

/**
 * `npm run test:presets` names others, or `all`, and a file for a row about each: a program, a server and a front end stand for them where all
 * tests run.
 */
const { STOWAGE_PRESETS: named = 'cli,sveltekit-node,astro-static', STOWAGE_PRESETS_ROWS: rows } = process.env;
const chosen = gallery.filter(({ app }) => named === 'all' || named.split(',').includes(app));

describeWith(['docker'], 'an app of each preset', () => {
  let repository: Repository;
  let browser: Browser;
  beforeAll(async () => {
    await buildProgram();
    repository = Repository.ofExample('presets');
    browser = await Browser.start();
  });
  afterAll(async () => {
    await browser?.stop();
    repository?.remove();
  });

  it.each(chosen.map((asked) => [asked.app, asked] as const))(
    '%s builds, answers and stops; built again all is cached, and an edit installs nothing',
    async (app, asked) => {
      const image = `stowage-test/preset-${app}`;
      await build(app, image);
      execFileSync('docker', ['image', 'rm', '--force', image], { stdio: 'ignore' });
      expect([...new Set((await build(app, image)).values())]).toEqual(['cached']);
      if (asked.port === undefined) expect(run(image, 'a', 'b')).toBe('Ahoy, a and b!\n');
      else await ask(asked, image, asked.port);

      repository.edit('packages/greeting/src/index.ts', (text) => `${text}\n// ${randomUUID()}\n`);
      const stages = await build(app, image);
      repository.restore();
      expect([stages.get('deps'), stages.get('prod-deps') ?? 'cached']).toEqual(['cached', 'cached']);
      expect(stages.get('build')).toBe('ran');
      if (rows !== undefined) appendFileSync(rows, rowOf(asked, await size(app, image)));
      execFileSync('docker', ['image', 'rm', '--force', image], { stdio: 'ignore' });
    },
  );

  async function build(app: string, image: string): Promise<ReadonlyMap<string, 'cached' | 'ran'>> {
    const { status, stderr } = await stowage(['build', `@gallery/${app}`, '--tag', image, '--log-level', 'debug'], { cwd: repository.folder });
    expect(status, stderr.slice(-4000)).toBe(0);
    return stagesOf(stderr);
  }

  async function size(app: string, image: string): Promise<number> {
    const { folder } = await repository.pack(`@gallery/${app}`);
    return addedToBase(image, readFileSync(join(folder, 'Dockerfile'), 'utf8'));
  }

  async function ask({ home, deep, rendered, shown, element, strict }: Asked, image: string, port: number): Promise<void> {
    const container = Container.start(image, port);
    for (const path of [home, deep]) {
      const response = await container.get(path);
      expect([path, response.status]).toEqual([path, 200]);
      if (rendered) expect(await response.text()).toContain('Ahoy, ');
    }
    if (strict) expect((await container.get(`${home}no/such/page`)).status).toBe(404);
    expect(container.exec('id', '-u').trim()).not.toBe('0');
    for (const [index, path] of shown === undefined ? [] : [home, deep].entries()) {
      expect(await browser.open(container.address + path, element, shown?.[index] ?? '')).toEqual([]);
    }
    expect(container.stop(), 'ended by SIGTERM, not by SIGKILL').not.toBe(137);
  }
});

/** What was seen of an app, once all of it was. */
function rowOf({ app, port, home, deep, shown, strict }: Asked, added: number): string {
  const answered = port === undefined ? 'its output' : `\`${home}\`, \`${deep}\`${strict ? ', 404 for no page' : ''}`;
  return `| ${[app, added.toFixed(1), answered, shown === undefined ? '' : 'both pages'].join(' | ')} |\n`;
}

/** What a tool prints. */
function run(image: string, ...words: string[]): string {
  return execFileSync('docker', ['run', '--rm', image, ...words], { encoding: 'utf8' });
}

/** By Docker's plain progress: whether all RUN steps of a stage came from the cache. */
function stagesOf(progress: string): Map<string, 'cached' | 'ran'> {
  const stages = new Map<string, 'cached' | 'ran'>();
  for (const [, step, stage] of progress.matchAll(/^#(\d+) \[([\w-]+) +\d+\/\d+\] RUN /gm)) {
    const cached = new RegExp(`^#${step} CACHED`, 'm').test(progress);
    if (stages.get(stage ?? '') !== 'ran') stages.set(stage ?? '', cached ? 'cached' : 'ran');
  }
  return stages;
}
