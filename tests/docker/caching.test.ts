import { afterAll, beforeAll, expect, it } from 'vitest';
import { comparePlans } from '../../packages/core/src/compare/compare-plans.ts';
import type { PlannedApp } from '../../packages/core/src/compare/planned-app.ts';
import { buildPacked, Container, needs, runIn, type Step, stageOf } from '../kit/engine.ts';
import { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';

const npx = ['npx', '--yes'];
/** How each example's lockfile is written again. Yarn classic's is not kept with the example: it holds a registry's address. */
const managers: Readonly<Record<string, readonly string[]>> = {
  pnpm: [...npx, 'pnpm@10.34.9', 'install', '--lockfile-only', '--ignore-scripts'],
  npm: [...npx, 'npm@11.6.2', 'install', '--package-lock-only', '--ignore-scripts'],
  'yarn-classic': [...npx, 'yarn@1.22.22', 'install', '--ignore-scripts', '--ignore-engines', '--non-interactive'],
  'yarn-berry': [...npx, '--package=@yarnpkg/cli-dist@4.12.0', 'yarn', 'install', '--mode=update-lockfile', '--no-immutable'],
  bun: [...npx, 'bun@1.3.11', 'install', '--lockfile-only', '--ignore-scripts'],
};

type Stages = Readonly<Record<'deps' | 'prod-deps' | 'build', 'cached' | 'ran'>>;
const all: Stages = { deps: 'cached', 'prod-deps': 'cached', build: 'cached' };

/** What `stowage why` tells of these stages. */
function told(before: PlannedApp, after: PlannedApp): Stages {
  const steps = new Set(comparePlans(before, after).flatMap((change) => change.steps));
  const say = (runs: boolean): 'ran' | 'cached' => (runs ? 'ran' : 'cached');
  return { deps: say(steps.has('install')), 'prod-deps': say(steps.has('production install')), build: say(steps.has('build')) };
}

/** Scenario, change, expectation: what BuildKit runs again after a change. */
const scenarios: readonly { change: string; make(repository: Repository): void; relock?: true; expected: Stages }[] = [
  { change: 'nothing', make: () => {}, expected: all },
  {
    change: 'a source of the app',
    make: (repository) => repository.edit('apps/api/src/server.ts', (text) => `${text}\n// edited\n`),
    expected: { ...all, build: 'ran' },
  },
  {
    change: "script, version and exports of a shared package's manifest",
    make: (repository) =>
      repository.edit('packages/greeting/package.json', (text) =>
        text
          .replace('"version": "1.0.0"', '"version": "1.1.0"')
          .replace('"build": "', '"lint": "true",\n    "build": "')
          .replace('"."', '"./more": "./dist/index.js",\n    "."'),
      ),
    expected: { ...all, build: 'ran' },
  },
  {
    change: "another app's dependency",
    make: (repository) => repository.edit('apps/worker/package.json', (text) => text.replace('"is-number": "6.0.0"', '"is-number": "7.0.0"')),
    relock: true,
    expected: all,
  },
  {
    change: 'its own dependency',
    make: (repository) => repository.edit('apps/api/package.json', (text) => text.replace('"ms": "2.1.2"', '"ms": "2.1.3"')),
    relock: true,
    expected: { deps: 'ran', 'prod-deps': 'ran', build: 'ran' },
  },
  {
    change: 'its own devDependency',
    make: (repository) => repository.edit('apps/api/package.json', (text) => text.replace('"@types/ms": "0.7.34"', '"@types/ms": "0.7.33"')),
    relock: true,
    expected: { deps: 'ran', 'prod-deps': 'cached', build: 'ran' },
  },
  {
    change: "the root's devDependency",
    make: (repository) => repository.edit('package.json', (text) => text.replace('"once": "1.3.3"', '"once": "1.4.0"')),
    relock: true,
    expected: { deps: 'ran', 'prod-deps': 'cached', build: 'ran' },
  },
];

function relockAndCommit(repository: Repository, relock: readonly string[]): void {
  repository.run(...(relock as [string, ...string[]]));
  repository.commit('lock');
}

for (const [manager, relock] of Object.entries(managers)) {
  describeWith(['docker'], `${manager}: an API, a front end and shared packages`, () => {
    const image = `stowage-test/${manager}`;
    let repository: Repository;
    let cold: Step[];
    let before: PlannedApp;

    beforeAll(async () => {
      repository = Repository.ofExample(`${manager}-node-and-vite`);
      if (manager === 'yarn-classic') relockAndCommit(repository, relock);
      const { folder, ...packed } = await repository.pack('@harbor/api');
      before = packed;
      cold = await buildPacked(folder, `${image}-api`);
    });
    afterAll(() => repository?.remove());

    for (const { change, make, relock: changesLockfile, expected } of scenarios) {
      it(`changed: ${change}`, async () => {
        make(repository);
        if (changesLockfile) repository.run(...(relock as [string, ...string[]]));
        try {
          const { folder, ...after } = await repository.pack('@harbor/api');
          const steps = await buildPacked(folder, `${image}-changed`);
          const seen = Object.fromEntries(Object.keys(expected).map((stage) => [stage, stageOf(steps, stage)]));
          expect(seen).toEqual(expected);
          expect(told(before, after), 'what `stowage why` tells').toEqual(expected);
        } finally {
          repository.restore();
        }
      });
    }

    it('leaves the packages as they were built where only the app is edited', async () => {
      repository.edit('apps/api/src/server.ts', (text) => `${text}\n// edited once more\n`);
      try {
        const { folder } = await repository.pack('@harbor/api');
        const builds = (await buildPacked(folder, `${image}-changed`)).filter(
          ({ stage, instruction }) => stage === 'build' && instruction?.startsWith('RUN'),
        );
        const isCached = builds.map(({ instruction, cached }) => [instruction?.includes('greeting') ? 'the package' : 'the app', cached]);
        expect(Object.fromEntries(isCached)).toEqual({ 'the package': true, 'the app': false });
      } finally {
        repository.restore();
      }
    });

    it('installs for the build and for production side by side', () => {
      const install = (stage: string): Step => cold.find((step) => step.stage === stage && step.instruction?.startsWith('RUN')) as Step;
      expect(needs(cold, install('deps'), install('prod-deps'))).toBe(false);
      expect(needs(cold, install('prod-deps'), install('deps'))).toBe(false);
    });

    it('answers, with what a workspace package exports', async () => {
      const container = Container.start(`${image}-api`, 3000);
      const response = await container.get('/');
      expect(await response.json()).toEqual({ message: 'Ahoy from harbor', tide: 12.4, cacheFor: 172_800_000 });
      expect(container.exec('id', '--user', '--name').trim()).toBe('node');
      expect(container.stop()).toBe(0);
    });

    it('holds no toolchain, no devDependency and no package manager', () => {
      const found = runIn(
        `${image}-api`,
        'sh',
        '-c',
        'ls /usr/local/bin; ls -a /app; find / -xdev -type d -path "*/node_modules/*" -prune -print 2>/dev/null; true',
      );
      for (const absent of ['npm', 'npx', 'yarn', 'corepack', 'pnpm', 'package-lock.json', 'pnpm-lock.yaml'])
        expect(found.split('\n')).not.toContain(absent);
      expect(found).not.toMatch(/typescript|@types|is-number|\/once|vite/);
    });

    it('serves the front end as static files', async () => {
      const { folder } = await repository.pack('@harbor/web');
      await buildPacked(folder, `${image}-web`);
      const container = Container.start(`${image}-web`, 8080);
      const page = await container.get('/');
      const html = await page.text();
      expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache']);
      const script = await container.get(/src="([^"]+)"/.exec(html)?.[1] ?? 'no script');
      expect([script.status, script.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
      const deep = await container.get('/a/deep/link');
      expect([deep.status, await deep.text()]).toEqual([200, html]);
      expect((await container.get('/assets/gone-12345678.js')).status).toBe(404);
      expect(container.exec('id', '--user').trim()).not.toBe('0');
      container.stop();
    });
  });
}
