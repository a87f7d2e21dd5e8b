import { pack, readWorkspace, selfContained } from '@stowage/core';
import { DockerfileParser } from 'dockerfile-ast';
import { afterEach, describe, expect, it } from 'vitest';
import { replacedImage } from '../../packages/core/src/dockerfile/images.ts';
import { nginxConfig } from '../../packages/core/src/dockerfile/nginx.ts';
import { cacheMount, copyFrom } from '../../packages/core/src/dockerfile/syntax.ts';
import { layOut } from '../kit/cli.ts';

const entry = (name: string, version: string, more: object = {}) => ({
  [`node_modules/${name}`]: { version, resolved: `https://registry.example.com/${name}/-/${name}-${version}.tgz`, integrity: 'sha512-AA==', ...more },
});

/** A lone package with these locked packages, as npm writes it. */
function app(manifest: object, locked: object = {}, files: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const whole = { name: 'app', version: '1.0.0', ...manifest };
  return {
    'package.json': JSON.stringify({ packageManager: 'npm@11.6.2', scripts: { start: 'node server.js' }, ...whole }),
    'package-lock.json': JSON.stringify({ ...whole, lockfileVersion: 3, requires: true, packages: { '': whole, ...locked } }),
    'server.js': '',
    ...files,
  };
}

describe('the Dockerfile', () => {
  const laidOut: ReturnType<typeof layOut>[] = [];
  afterEach(() => {
    for (const { remove } of laidOut.splice(0)) remove();
  });

  const render = async (files: Readonly<Record<string, string>>, config: object = {}): Promise<string> => {
    const repository = layOut({ ...files, 'stowage.json': JSON.stringify(config) });
    laidOut.push(repository);
    const plan = await pack(await readWorkspace(repository.folder), '.');
    const file = plan.files.find(({ path }) => path === 'Dockerfile');
    const text = file !== undefined && 'text' in file ? file.text : '';
    expect(DockerfileParser.parse(text).getFROMs()).toHaveLength(plan.stages.length);
    return text;
  };
  const stage = (text: string, name: string): string => text.split('\n\n').find((each) => new RegExp(`^FROM .* AS ${name}$`, 'm').test(each)) ?? '';

  it.each([
    ['expose', { expose: [9229] }, 'EXPOSE 3000\nEXPOSE 9229'],
    [
      'a path that tells health',
      { healthcheck: '/health' },
      String.raw`HEALTHCHECK --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+\"/health\")`,
    ],
    ['a command that tells health', { healthcheck: ['node', 'check.js'] }, 'CMD ["node", "check.js"]'],
    [
      'labels',
      { labels: { 'org.opencontainers.image.title': 'The "app"', a: 'b' } },
      'LABEL a=b \\\n      org.opencontainers.image.title="The \\"app\\""',
    ],
    ['volumes', { volumes: ['/data'] }, 'COPY --from=output --chown=node:node /volume/ /data/'.replace('node:node', 'node')],
    ['volumes', { volumes: ['/data', '/var/lib/app'] }, 'VOLUME ["/data", "/var/lib/app"]'],
    ['packages of the system', { runtimePackages: ['fonts-noto', 'tzdata'] }, 'apt-get install --yes --no-install-recommends fonts-noto tzdata'],
    [
      'a command before the start',
      { beforeStart: 'node migrate.js' },
      String.raw`CMD ["sh", "-c", "folder=$PWD && node migrate.js && cd \"$folder\" && exec \"$0\" \"$@\"", "node", "server.js"]`,
    ],
    ['no init', { init: false }, 'CMD ["node", "server.js"]'],
  ])('has %s in the running image', async (_what, config, expected) => {
    expect(stage(await render(app({})), 'runtime')).not.toContain(expected.startsWith('CMD ["node", "server') ? 'HEALTH' : expected);
    expect(stage(await render(app({}), config), 'runtime')).toContain(expected);
  });

  it('changes a front end as it starts, on a port and with an environment of its own', async () => {
    const front = { ...app({ scripts: { build: 'vite build' } }), 'index.html': '', 'vite.config.js': 'export default {}' };
    const text = await render(front, { beforeStart: './configure.sh', port: 80, expose: [9000], env: { API: '/api' }, healthcheck: '/' });
    expect(text).toContain('FROM nginxinc/nginx-unprivileged:stable AS runtime\nENV API=/api\n');
    expect(text).toContain('listen 80;');
    expect(text).toContain('COPY --from=build --chown=101:101 /app/dist /srv/site/\nEXPOSE 80\nEXPOSE 9000\n');
    expect(text).toContain('/dev/tcp/127.0.0.1/80 ');
    expect(text).toContain(
      String.raw`CMD ["sh", "-c", "folder=$PWD && ./configure.sh && cd \"$folder\" && exec \"$0\" \"$@\"", "nginx", "-g", "daemon off;"]`,
    );
  });

  it('tells of a glob that chooses nothing, and refuses what no install has or what leaves the workspace', async () => {
    const next = app({ scripts: { build: 'next build', start: 'next start' }, dependencies: { next: '16.4.0' } }, entry('next', '16.4.0'));
    const told = async (config: object) => {
      const repository = layOut({ ...next, 'stowage.json': JSON.stringify(config) });
      laidOut.push(repository);
      const { diagnostics } = await pack(await readWorkspace(repository.folder), '.');
      return diagnostics.filter(({ level }) => level === 'warning').map(({ code }) => code);
    };
    expect(await told({})).toEqual([]);
    expect(await told({ runtimeInclude: ['server.js', 'emails/**'] })).toEqual(['include-matches-nothing']);
    await expect(told({ runtimeInclude: ['../x'] })).rejects.toMatchObject({ code: 'STW2002' });
    await expect(told({ preset: 'nitro', packages: ['nex'] })).rejects.toMatchObject({ hint: 'Did you mean next?' });
  });

  it('mounts secrets and caches in the build alone, and a larger heap is environment of it', async () => {
    const text = await render(app({ scripts: { build: 'node build.js', start: 'node server.js' } }), {
      buildSecrets: ['SENTRY_AUTH_TOKEN'],
      buildCache: ['.cache/images'],
      buildEnv: { NODE_OPTIONS: '--max-old-space-size=8192', DATABASE_URL: 'postgres://none' },
    });
    expect(stage(text, 'build')).toContain('--mount=type=secret,id=SENTRY_AUTH_TOKEN,env=SENTRY_AUTH_TOKEN');
    expect(stage(text, 'build')).toContain('target=/app/.cache/images,sharing=locked');
    expect(stage(text, 'build')).toContain('ENV NODE_OPTIONS=--max-old-space-size=8192 \\\n    DATABASE_URL=postgres://none');
    expect(text.match(/SENTRY/g)).toHaveLength(2);
  });

  it('writes paths of several words as such', () => {
    expect(copyFrom('build', '/app/apps/my web/dist', '/srv/site/')).toBe('COPY --from=build ["/app/apps/my web/dist","/srv/site/"]');
    expect(copyFrom('build', '/app/dist', '/srv/site/', '101:101')).toBe('COPY --from=build --chown=101:101 /app/dist /srv/site/');
    expect(cacheMount('a', '/app/my web/.cache', true)).toBe('"type=cache,id=a,target=/app/my web/.cache,sharing=locked"');
    expect(nginxConfig({ kind: 'static', output: 'dist', publicPath: '/a b;/', fallback: undefined, hashed: [] }, 80)).toContain(
      'location "/a b;/" {',
    );
  });

  it('takes public variables that the sources name as build arguments, unset', async () => {
    const files = { 'page.js': 'fetch(process.env.NEXT_PUBLIC_API); import.meta.env.VITE_KEY; process.env.SECRET; process.env.NEXT_PUBLIC_API' };
    const text = await render(app({}, {}, files), { buildArgs: { VITE_KEY: 'k' } });
    expect(stage(text, 'build')).toContain('ARG NEXT_PUBLIC_API\nARG VITE_KEY=k\nENV VITE_KEY=$VITE_KEY\n');
  });

  it('builds with turbo or nx where the repository does', async () => {
    const scripts = { build: 'node build.js', start: 'node server.js' };
    const turbo = app({ scripts, devDependencies: { turbo: '2.0.0' } }, entry('turbo', '2.0.0', { dev: true }), {
      'turbo.json': '{ "tasks": { "build": {} } }',
    });
    const withTurbo = await render(turbo);
    expect(stage(withTurbo, 'build')).toContain('node_modules/.bin/turbo run build --filter=app');
    expect(stage(withTurbo, 'build')).toContain('target=/app/.turbo/cache');
    expect(stage(await render(turbo, { buildWith: 'package-manager' }), 'build')).toContain('npm run build');
    const nx = app({ scripts, devDependencies: { nx: '22.0.0' } }, entry('nx', '22.0.0', { dev: true }), {
      'nx.json': '{}',
      'project.json': '{ "name": "the-app" }',
    });
    expect(stage(await render(nx), 'build')).toContain('node_modules/.bin/nx run-many --targets=build --projects=the-app');
    await expect(render(app({ scripts }), { buildWith: 'nx' })).rejects.toMatchObject({ code: 'STW2002', hint: expect.stringContaining('nx.json') });
  });

  it('generates the Prisma client where its schema lies, with OpenSSL in all stages, and copies it into the image', async () => {
    const prisma = { ...entry('prisma', '6.0.0'), ...entry('@prisma/client', '6.0.0') };
    const text = await render(app({ dependencies: { prisma: '6.0.0', '@prisma/client': '6.0.0' } }, prisma, { 'prisma/schema.prisma': '' }));
    expect(stage(text, 'build')).toContain('node_modules/.bin/prisma generate');
    for (const name of ['base', 'runtime']) expect(stage(text, name)).toContain('openssl');
    expect(text).toContain('node_modules/.prisma');
    const own = app({ dependencies: { '@prisma/client': '6.0.0' }, scripts: { build: 'prisma generate && tsc', start: 'node server.js' } }, prisma, {
      'prisma/schema.prisma': '',
    });
    expect(stage(await render(own), 'build').match(/prisma generate/g)).toBeNull();
  });

  it('leaves nothing of apt in a layer, also where the base image does not see to that', async () => {
    const text = await render(app({ dependencies: { puppeteer: '24.0.0' } }, entry('puppeteer', '24.0.0')), { systemPackages: ['git'] });
    const installs = text.match(/RUN apt-get (?:.*\\\n)*.*$/gm) ?? [];
    expect(installs.length).toBeGreaterThan(1);
    for (const each of installs) expect(each).toMatch(/ && rm -rf \/var\/lib\/apt\/lists\/\* \/var\/cache\/apt\/\*\.bin$/);
  });

  it("downloads no browser for tests, and takes the system's for a Puppeteer that runs", async () => {
    const dev = await render(app({ devDependencies: { puppeteer: '24.0.0' } }, entry('puppeteer', '24.0.0', { dev: true })));
    expect([stage(dev, 'base'), stage(dev, 'runtime')]).toEqual([
      expect.stringContaining('PUPPETEER_SKIP_DOWNLOAD=true'),
      expect.not.stringContaining('chromium'),
    ]);
    const runtime = stage(await render(app({ dependencies: { puppeteer: '24.0.0' } }, entry('puppeteer', '24.0.0'))), 'runtime');
    expect(runtime).toContain('apt-get install --yes --no-install-recommends chromium');
    expect(runtime).toContain('PUPPETEER_EXECUTABLE_PATH=/usr/bin/chromium');
  });

  it("has Playwright's own browser before all that changes with the app, and before npm goes", async () => {
    const runs = app({ dependencies: { playwright: '1.65.1' } }, entry('playwright', '1.65.1'));
    const [browser = '', ...rest] = stage(await render(runs), 'runtime')
      .split('\n')
      .slice(1);
    expect(browser).toContain('npx --yes playwright@1.65.1 install --with-deps chromium');
    expect(rest.join('\n')).toMatch(
      /rm -rf \/usr\/local\/lib\/node_modules[\s\S]*PLAYWRIGHT_BROWSERS_PATH=\/opt\/browsers[\s\S]*COPY --from=prod-deps/,
    );
    await expect(render(runs, { runtime: 'distroless', browsers: ['chromium'] })).rejects.toMatchObject({ code: 'STW2002' });
    expect(stage(await render(runs, { runtime: 'distroless' }), 'runtime')).not.toContain('playwright');
  });

  it('runs on distroless without a shell, and on Alpine', async () => {
    const distroless = stage(await render(app({}), { runtime: 'distroless', healthcheck: '/', node: 24 }), 'runtime');
    expect(distroless).toContain('FROM gcr.io/distroless/nodejs24-debian12:nonroot AS runtime');
    expect(distroless).not.toContain('RUN');
    expect(distroless).toContain('ENTRYPOINT ["/usr/bin/tini", "--", "/nodejs/bin/node"]\nCMD ["server.js"]');
    expect(distroless).toContain('CMD ["/nodejs/bin/node", "-e"');
    const alpine = await render(app({}), { runtime: 'alpine', node: 24, runtimePackages: ['tzdata'] });
    expect(alpine.match(/^FROM .*node:.*$/gm)).toEqual(expect.arrayContaining([expect.stringMatching(/node:24-alpine AS runtime/)]));
    expect(alpine).toContain('apk add --no-cache tzdata');
    expect(alpine).not.toContain('apt-get');
  });

  it('refuses a runtime that the app cannot run on', async () => {
    await expect(render(app({ scripts: { start: 'a && b' } }), { runtime: 'distroless' })).rejects.toMatchObject({ code: 'STW2002' });
    await expect(render(app({}), { runtime: 'distroless', runtimePackages: ['tzdata'] })).rejects.toMatchObject({ code: 'STW2002' });
    await expect(render(app({}), { runtime: 'distroless', beforeStart: 'a' })).rejects.toMatchObject({ code: 'STW2002' });
    const gnu = app({ dependencies: { '@a/b-linux-x64-gnu': '1.0.0' } }, entry('@a/b-linux-x64-gnu', '1.0.0'));
    await expect(render(gnu, { runtime: 'alpine' })).rejects.toMatchObject({ message: expect.stringContaining('@a/b-linux-x64-gnu') });
    const driven = app({ dependencies: { 'playwright-core': '1.65.1' } }, entry('playwright-core', '1.65.1'));
    await expect(render(driven, { runtime: 'alpine' })).rejects.toMatchObject({ code: 'STW2002' });
  });

  it('compiles and runs native packages on Alpine where each comes for musl or as a source', async () => {
    const names = ['@a/b-linux-x64-gnu', '@a/b-linux-x64-musl', 'isolated-vm'];
    const native = app(
      { dependencies: Object.fromEntries(names.map((name) => [name, '1.0.0'])), scripts: { start: 'node server.js' } },
      Object.assign({}, ...names.map((name) => entry(name, '1.0.0'))),
    );
    const text = await render(native, { runtime: 'alpine', node: 22, healthcheck: '/' });
    expect(text.match(/^FROM (?!scratch)\S*[:/].*$/gm)).toEqual(
      expect.arrayContaining(['FROM node:22-alpine AS base', 'FROM node:22-alpine AS runtime']),
    );
    expect(stage(text, 'base')).toContain('RUN apk add --no-cache python3 make g++');
    expect(stage(text, 'runtime')).toContain('COPY --from=init /sbin/tini /usr/bin/tini');
    expect(text).not.toMatch(/apt-get|slim/);
  });

  it("makes on the builder's platform what is the same everywhere", async () => {
    const neutral = await render(app({}));
    expect(neutral.match(/^FROM .*(?<= AS (?:prod-)?base)$/gm)).toEqual([
      expect.stringContaining('--platform=$BUILDPLATFORM'),
      expect.not.stringContaining('--platform'),
    ]);
    expect(neutral).toMatch(/^FROM prod-base AS prod-deps$/m);
    const native = await render(app({ dependencies: { 'node-pty': '1.0.0' } }, entry('node-pty', '1.0.0')));
    expect(native).not.toContain('$BUILDPLATFORM');
  });

  it('keeps stages written by hand', async () => {
    const fragment = `# tools
FROM golang:1.26 AS wasm
RUN go build \\
  -o /out

FROM base AS before-install
RUN apt-get update

FROM deps AS before-build
COPY --from=wasm /out ./wasm

FROM runtime
COPY --from=build /app/LICENSE /
`;
    const text = await render(app({}, {}, { 'stowage.Dockerfile': fragment }));
    expect([...text.matchAll(/^FROM (?:--\S+ )?(\S+) AS (\S+)$/gm)].map(([, from, name]) => `${from} > ${name}`)).toEqual([
      'scratch > stowage-deps',
      'scratch > stowage-prod',
      'scratch > stowage-src',
      'node:24-slim > base',
      'golang:1.26 > wasm',
      'base > before-install',
      'before-install > prod-deps',
      'before-install > deps',
      'deps > before-build',
      'before-build > build',
      'build > output',
      'node:24-slim > init',
      'node:24-slim > runtime',
      'runtime > final',
    ]);
    expect(text).toContain('RUN go build \\\n  -o /out\n');
    await expect(render(app({}, {}, { 'stowage.Dockerfile': 'FROM a\nFROM b' }))).rejects.toMatchObject({
      where: { file: 'stowage.Dockerfile', line: 1 },
    });
    await expect(render(app({}, {}, { 'stowage.Dockerfile': 'FROM a AS runtime' }))).rejects.toMatchObject({ code: 'STW2002' });
  });

  it.each([
    [{ node: 'r.example:5000/base/node' }, 'r.example:5000/base/node:22-slim', 'gcr.io/distroless/nodejs22-debian12:nonroot'],
    [{ 'node:22-slim': 'r.example/node22@sha256:ab' }, 'r.example/node22@sha256:ab', 'gcr.io/distroless/nodejs22-debian12:nonroot'],
    [{ 'node:22': 'x', 'node:22-slim': 'y' }, 'y', 'gcr.io/distroless/nodejs22-debian12:nonroot'],
    [
      { 'docker.io': 'r.example/hub', 'gcr.io/distroless': 'r.example/bare' },
      'r.example/hub/library/node:22-slim',
      'r.example/bare/nodejs22-debian12:nonroot',
    ],
    [{ 'docker.io/library/node': 'r.example/n', 'docker.io': 'r.example/hub' }, 'r.example/n:22-slim', 'gcr.io/distroless/nodejs22-debian12:nonroot'],
  ])('takes other base images: %j', (baseImages, slim, distroless) => {
    expect(replacedImage('node:22-slim', { baseImages })).toBe(slim);
    expect(replacedImage('gcr.io/distroless/nodejs22-debian12:nonroot', { baseImages })).toBe(distroless);
  });

  it('names them in every generated stage, with their pins, and in the stage that packs by itself; stages of one\u2019s own say theirs', async () => {
    const pin = `sha256:${'a'.repeat(64)}`;
    const repository = layOut(
      app(
        {},
        {},
        {
          'stowage.json': '{ "baseImages": { "docker.io": "r.example/hub" } }',
          'stowage.pins.json': JSON.stringify({ 'r.example/hub/library/node:24-slim': pin }),
          'stowage.Dockerfile': 'FROM node:24-slim AS own\nFROM runtime\n',
        },
      ),
    );
    laidOut.push(repository);
    const plan = await pack(await readWorkspace(repository.folder), '.');
    const { dockerfile } = selfContained(plan, { program: { version: '1.0.0' }, below: '.' });
    const starts = [...dockerfile.matchAll(/^FROM (?:--\S+ )?(\S+) AS (\S+)$/gm)].map(([, from, name]) => `${name} ${from}`);
    expect(starts.filter((each) => each.includes('node:'))).toEqual([
      ...['stowage', 'base', 'prod-base', 'init', 'runtime'].map((name) => `${name} r.example/hub/library/node:24-slim@${pin}`),
      'own node:24-slim',
    ]);
    expect(starts).toEqual(expect.arrayContaining(['deps base', 'build deps']));
  });

  it('tells of a stage or a hook that is misspelt, and of images that are not pinned where others are', async () => {
    const fragment = 'FROM node:24-slim AS before-instal\nFROM redis AS cache\nFROM runtme\nCOPY --from=cache /a /a\nCOPY --from=biuld /a /b\n';
    const pins = JSON.stringify({ 'node:24-slm': `sha256:${'a'.repeat(64)}`, redis: `sha256:${'b'.repeat(64)}` });
    const repository = layOut(app({}, {}, { 'stowage.Dockerfile': fragment, 'stowage.pins.json': pins }));
    laidOut.push(repository);
    const { diagnostics } = await pack(await readWorkspace(repository.folder), '.');
    expect(
      diagnostics.filter(({ level }) => level === 'warning').map(({ code, message, line, hint }) => `${code} ${line ?? ''} ${message} ${hint}`),
    ).toEqual([
      'stage-misspelt 1 "before-instal" is a stage that nothing starts from. Did you mean before-install?',
      'stage-misspelt 3 "runtme" is taken for an image. Did you mean runtime?',
      'stage-misspelt 3 "biuld" is taken for an image. Did you mean build?',
      'image-unpinned  node:24-slim has no digest in stowage.pins.json. `stowage pin` brings the file up to date.',
      'image-unpinned  runtme has no digest in stowage.pins.json. `stowage pin` brings the file up to date.',
    ]);
  });
});
