import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildProgram, stowage } from '../kit/cli.ts';
import { buildFromImages, buildPacked, Container, runIn } from '../kit/engine.ts';
import { ports } from '../kit/ports.ts';
import type { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';

/** What it builds it takes for all that it needs, but for a program that a script of the repository calls. */
const traced = {
  'apps/traced/package.json': JSON.stringify({
    name: 'traced',
    version: '1.0.0',
    scripts: { build: 'node build.js' },
    devDependencies: { semver: '7.7.3' },
    stowage: {
      preset: 'nitro',
      packages: ['semver'],
      runtimeInclude: ['../../scripts/before.sh'],
      beforeStart: 'cd ../.. && sh scripts/before.sh',
      volumes: ['/data'],
    },
  }),
  'apps/traced/build.js': "require('fs').cpSync('server.mjs', '.output/server/index.mjs');\n",
  'apps/traced/server.mjs': `import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
createServer((_, response) => response.end(readFileSync('/data/seen', 'utf8').trim())).listen(process.env.PORT);
`,
  'scripts/before.sh': 'semver --increment minor 1.2.3 > /data/seen\n',
};

describeWith(['docker'], 'what an app runs on', () => {
  let repository: Repository;
  beforeAll(() => {
    repository = ports();
    repository.write('apps/api/stowage.json', '{ "runtime": "distroless", "start": "node dist/server.js", "healthcheck": "/" }');
    const changed = { port: 9000, env: { GREETING: 'Moin' }, beforeStart: 'cd /srv/site && sed -i "s/Ahoy/$GREETING/" index.html' };
    repository.write('apps/site/stowage.json', JSON.stringify(changed));
    for (const [path, text] of Object.entries(traced)) repository.write(path, text);
    repository.run('npx', '--yes', 'npm@11.6.2', 'install', '--package-lock-only');
  });
  afterAll(() => repository?.remove());

  it('a server on distroless answers, becomes healthy and stops, without a shell and not as root', async () => {
    const image = 'stowage-test/distroless';
    const { folder } = await repository.pack('api');
    await buildPacked(folder, image);
    const container = Container.start(image, 3000, '--health-interval=1s');
    expect(await (await container.get('/')).text()).toBe('Ahoy');
    expect(await container.health()).toBe('healthy');
    expect(container.inspect('{{.Config.User}}')).toBe('65532:65532');
    expect(spawnSync('docker', ['exec', container.id, 'sh', '-c', 'true']).status).not.toBe(0);
    expect(container.stop(), 'ended by SIGTERM, not by SIGKILL').not.toBe(137);
  });

  it('a server is made and answers with the programs that Alpine has: BusyBox, apk and tini in its place', async () => {
    const base = 'stowage-test/like-alpine:22-alpine';
    const lines = [
      'FROM node:22-slim',
      'RUN apt-get update && apt-get install --yes busybox-static tini && mkdir /opt/busybox && busybox --install -s /opt/busybox',
      String.raw`RUN printf '#!/bin/sh\n[ "$*" = "add --no-cache tini" ] && cp /usr/bin/tini /sbin/tini\n' > /usr/local/bin/apk && chmod +x /usr/local/bin/apk`,
      'RUN rm /bin/sh && ln -s /opt/busybox/sh /bin/sh',
      'ENV PATH=/opt/busybox:$PATH',
    ];
    execFileSync('docker', ['build', '--quiet', `--tag=${base}`, '-'], { input: lines.join('\n'), stdio: ['pipe', 'ignore', 'inherit'] });
    repository.write('apps/api/stowage.json', '{ "runtime": "alpine", "baseImages": { "node": "stowage-test/like-alpine" } }');
    const { folder } = await repository.pack('api');
    await buildPacked(folder, 'stowage-test/alpine');
    const container = Container.start('stowage-test/alpine', 3000);
    expect(await (await container.get('/')).text()).toBe('Ahoy');
    expect(container.exec('readlink', '/proc/self/exe').trim()).toMatch(/busybox$/);
    expect(container.exec('id', '-un').trim()).toBe('node');
    container.stop();
  });

  it('a build that is copied alone has the programs and files that it is told of', async () => {
    const image = 'stowage-test/copied-alone';
    const { folder } = await repository.pack('traced');
    await buildPacked(folder, image);
    const container = Container.start(image, 3000);
    expect(await (await container.get('/')).text()).toBe('1.3.0');
    container.stop();
  });

  it('a front end is changed as it starts, becomes healthy without curl, and unhealthy where its path does not answer', async () => {
    const image = 'stowage-test/healthy-site';
    const { folder } = await repository.pack('site');
    await buildPacked(folder, image);
    expect(runIn(image, 'sh', '-c', 'which curl wget; true')).toBe('');
    const container = Container.start(image, 9000, '--health-interval=1s', '--health-retries=1');
    expect(await (await container.get('/')).text()).toBe('<h1>Moin</h1>');
    expect(await container.health()).toBe('healthy');
    execFileSync('docker', ['exec', '--user=root', container.id, 'rm', '/srv/site/index.html']);
    expect(await container.health('healthy')).toBe('unhealthy');
    container.stop();
  });
});

/** A registry takes the place of Docker Hub for the one command that asks it. */
describeWith(['docker', 'registry'], 'pinned base images', () => {
  const registry = process.env.STOWAGE_REGISTRY ?? '';
  const builder = `stowage-test-${randomUUID().slice(0, 8)}`;
  const images = { 'nginxinc/nginx-unprivileged:stable': 'nginxinc/nginx-unprivileged:stable', 'node:22-slim': 'library/node:22-slim' };
  let repository: Repository;
  beforeAll(async () => {
    await buildProgram();
    repository = ports();
    for (const [image, path] of Object.entries(images)) {
      execFileSync('docker', ['tag', image, `${registry}/${path}`]);
      execFileSync('docker', ['push', '--quiet', `${registry}/${path}`]);
    }
    const file = join(repository.folder, '.git/buildkitd.toml');
    writeFileSync(file, `[registry."docker.io"]\n  mirrors = ["${registry}"]\n[registry."${registry}"]\n  http = true\n`);
    execFileSync('docker', ['buildx', 'create', `--name=${builder}`, '--driver=docker-container', `--buildkitd-config=${file}`]);
    rmSync(file);
  });
  afterAll(() => {
    spawnSync('docker', ['buildx', 'rm', '--force', builder]);
    for (const path of Object.values(images)) spawnSync('docker', ['image', 'rm', `${registry}/${path}`]);
    repository?.remove();
  });

  it('are asked of the registry, written down, and what is built from', async () => {
    const { status, stderr } = await stowage(['pin'], { cwd: repository.folder, env: { BUILDX_BUILDER: builder } });
    expect(status, stderr).toBe(0);
    const pins: Record<string, string> = JSON.parse(repository.read('stowage.pins.json'));
    expect(Object.keys(pins)).toEqual(Object.keys(images));
    for (const [app, image] of [
      ['api', 'node:22-slim'],
      ['site', 'nginxinc/nginx-unprivileged:stable'],
    ] as const) {
      expect(pins[image]).toBe(execFileSync('docker', ['image', 'inspect', '--format={{.Id}}', image], { encoding: 'utf8' }).trim());
      const { folder } = await repository.pack(app);
      expect((await buildFromImages(folder, `stowage-test/pinned-${app}`)).get(image)).toBe(pins[image]);
    }
  });

  it('come from where the config says', async () => {
    rmSync(join(repository.folder, 'stowage.pins.json'));
    repository.write('stowage.json', JSON.stringify({ baseImages: { 'docker.io': registry } }));
    const { folder } = await repository.pack('site');
    const built = await buildFromImages(folder, 'stowage-test/mirrored');
    expect([...built.keys()].sort()).toEqual(
      Object.values(images)
        .map((path) => `${registry}/${path}`)
        .sort(),
    );
  });
});
