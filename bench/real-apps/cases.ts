import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RealApp, RealRepository } from './real-app.ts';
import { expectPage, expectStatus, type Running } from './running.ts';

const lockPlane = ['npx', '--yes', 'pnpm@10.32.1', 'install', '--lockfile-only', '--ignore-scripts'] as const;

const plane: RealRepository = {
  repository: 'makeplane/plane',
  commit: '4ca6d6c7b807ad09bb571af2c43e85bf47c3ec6b',
  relock: lockPlane,
  // what the registry calls deprecated has changed since: the first bump of any dependency would bring that too
  mend: [[...lockPlane, '--no-prefer-frozen-lockfile']],
};

const planeShared = {
  "shared package's source": { path: 'packages/utils/src/math.ts', before: '* 100)', after: '* 100.0)' },
  "other's dependency": { manifest: 'apps/web/package.json', dependency: 'export-to-csv', before: '^1.4.0', after: '^1.5.0' },
  'dev dependency': { manifest: 'packages/utils/package.json', dependency: '@types/sanitize-html', before: '2.16.0', after: '2.16.1' },
} as const;

const lockOnly = ['install', '--package-lock-only', '--ignore-scripts', '--legacy-peer-deps'] as const;
const lockBruno = ['npx', '--yes', 'npm@11.21.2', ...lockOnly] as const;

const classicYarn = { packageManager: 'yarn@1.22.22' } as const;

export const realApps: readonly RealApp[] = [
  {
    id: 'excalidraw/excalidraw-app',
    repository: 'excalidraw/excalidraw',
    commit: '4872083c044491b6d5c96ae134a75464f96d6831',
    ...classicYarn,
    app: 'excalidraw-app',
    folder: 'excalidraw-app',
    expert: {
      packages: ['@excalidraw/excalidraw', '@excalidraw/utils'],
      rootFiles: [
        ...['.env.production', '.npmrc', '.eslintrc.json', 'tsconfig.json', 'public', 'scripts'],
        ...['packages/tsconfig.base.json', 'packages/eslintrc.base.json'],
      ],
    },
    own: {
      dockerfile: 'Dockerfile',
      bases: {
        'node:24@sha256:8530f76a96d88820d288761f022e318970dda93d01536919fbc16076b7983e63': 'node:24-slim',
        'nginx:stable-alpine-slim@sha256:2c605dbeab79a6b2a63340474fe58119d0ef95bdc4b1f41df0aa689659b3d13b': 'nginx:stable',
      },
      check: async (running) => expectPage(running.start(80), '/'),
    },
    changes: {
      "app's source": {
        path: 'excalidraw-app/app_constants.ts',
        before: 'SAVE_TO_LOCAL_STORAGE_TIMEOUT = 300',
        after: 'SAVE_TO_LOCAL_STORAGE_TIMEOUT = 301',
      },
      "shared package's source": { path: 'packages/common/src/random.ts', before: '* 2 ** 31', after: '* 2 ** 30' },
      'own dependency': { manifest: 'excalidraw-app/package.json', dependency: 'uqr', before: '0.1.2', after: '0.1.3' },
      'dev dependency': { manifest: 'packages/common/package.json', dependency: '@types/tinycolor2', before: '1.4.6', after: '1.4.5' },
      "other's dependency": { manifest: 'examples/with-nextjs/package.json', dependency: 'path2d-polyfill', before: '2.0.1', after: '2.1.1' },
      script: { path: 'excalidraw-app/package.json', before: '"start": "yarn && vite"', after: '"start": "vite"' },
    },
    check: async (running) => expectPage(running.start(8080), '/'),
  },
  {
    id: 'hedgedoc/backend',
    repository: 'hedgedoc/hedgedoc',
    commit: 'd706c2b2adc9c066125d08936b9f416ba911ef4e',
    relock: ['node', '.yarn/releases/yarn-4.12.0.cjs', 'install', '--mode=update-lockfile'],
    app: '@hedgedoc/backend',
    folder: 'backend',
    expert: {},
    changes: {
      "app's source": { path: 'backend/src/main.ts', before: "'Switching logger'", after: "'Switching the logger'" },
      "shared package's source": { path: 'commons/src/index.ts', before: '*/\n', after: '*/\n// \n' },
      'own dependency': { manifest: 'backend/package.json', dependency: 'diff', before: '8.0.4', after: '8.0.3' },
      'dev dependency': { manifest: 'backend/package.json', dependency: '@types/luxon', before: '3.7.1', after: '3.7.2' },
      "other's dependency": { manifest: 'frontend/package.json', dependency: 'firacode', before: '6.2.0', after: '6.1.0' },
      script: { path: 'backend/package.json', before: '"start": "node dist/src/main"', after: '"start": "node dist/src/main.js"' },
    },
    async check(running) {
      const app = running.start(
        3000,
        {
          HD_BASE_URL: 'http://localhost:3000',
          HD_RENDERER_BASE_URL: 'http://localhost:3001',
          HD_AUTH_SESSION_SECRET: 'a secret of more than thirty-two characters',
          HD_BACKEND_BIND_IP: '0.0.0.0',
          HD_DATABASE_TYPE: 'sqlite',
          HD_DATABASE_NAME: '/check/hedgedoc.sqlite',
          HD_MEDIA_BACKEND_TYPE: 'filesystem',
          HD_MEDIA_BACKEND_FILESYSTEM_UPLOAD_PATH: '/check/uploads',
          HD_AUTH_LOCAL_ENABLE_LOGIN: 'true',
          HD_NOTE_PERMISSIONS_MAX_GUEST_LEVEL: 'read',
        },
        '--tmpfs=/check:mode=1777', // a folder that an image has would keep its mode
      );
      await expectStatus(app, '/api/private/config', 200);
      await expectStatus(app, '/api/v2/monitoring/health', 204);
      return '/api/private/config 200, health 204';
    },
  },
  {
    id: 'typebot/workflows',
    repository: 'baptisteArno/typebot.io',
    commit: '830ba7139bc1e4146ee078c8241bd0b7b25cc218',
    relock: ['npx', '--yes', 'bun@1.3.9', 'install', '--lockfile-only', '--ignore-scripts'],
    packageManager: 'bun@1.3.9',
    app: 'workflows',
    folder: 'apps/workflows',
    expert: { rootFiles: ['tsconfig.base.json', 'tsconfig.json'] },
    own: { dockerfile: 'apps/workflows/Dockerfile', bases: { 'oven/bun:1.3.9-slim': 'bun' } },
    buildArgs: { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true' },
    changes: {
      "app's source": { path: 'apps/workflows/src/index.ts', before: 'status: "ok"', after: 'status: "well"' },
      "shared package's source": { path: 'packages/lib/src/hexToRgb.ts', before: '> 155', after: '> 156' },
      'own dependency': { manifest: 'packages/lib/package.json', dependency: 'uuidv7', before: '^1.0.2', after: '^1.2.1' },
      'dev dependency': { manifest: 'packages/lib/package.json', dependency: '@types/validator', before: '^13.11.9', after: '^13.15.9' },
      "other's dependency": { manifest: 'apps/viewer/package.json', dependency: 'papaparse', before: '^5.4.1', after: '^5.7.1' },
      script: { path: 'packages/lib/package.json', before: '"version": "0.0.1"', after: '"version": "0.0.2"' },
    },
    async check(running) {
      await running.service('redis');
      await running.service('postgres');
      const database = 'postgresql://postgres@postgres:5432/postgres';
      const app = running.start(3007, {
        WORKFLOWS_SERVER_PORT: '3007',
        WORKFLOWS_RPC_SECRET: 'secret',
        WORKFLOWS_DATABASE_URL: database,
        DATABASE_URL: database,
        REDIS_URL: 'redis://redis:6379',
        NEXTAUTH_URL: 'http://localhost:3000',
        ENCRYPTION_SECRET: 'thirty-two characters of secrets',
        NEXT_PUBLIC_VIEWER_URL: 'http://localhost:3001',
        SMTP_HOST: 'smtp',
        SMTP_PORT: '25',
        SMTP_USERNAME: 'user',
        SMTP_PASSWORD: 'password',
        NEXT_PUBLIC_SMTP_FROM: 'me@example.com',
        S3_ACCESS_KEY: 'key',
        S3_SECRET_KEY: 'secret',
        S3_BUCKET: 'bucket',
        S3_ENDPOINT: 's3',
        S3_PORT: '9000',
      });
      await expectStatus(app, '/healthz', 200);
      return '/healthz 200';
    },
  },
  {
    id: 'plane-yarn1/admin',
    repository: 'makeplane/plane',
    commit: 'd8f58d28edac25a076cfac53652673de91926a90',
    ...classicYarn,
    app: 'admin',
    folder: 'apps/admin',
    expert: {},
    own: { dockerfile: 'apps/admin/Dockerfile.admin', bases: { 'node:22-alpine': 'alpine-node' } },
    buildArgs: { NEXT_PUBLIC_API_BASE_URL: '', NEXT_PUBLIC_ADMIN_BASE_PATH: '/god-mode' },
    changes: {
      "app's source": { path: 'apps/admin/app/layout.tsx', before: '"Plane | Simple,', after: '"Plane: simple,' },
      "shared package's source": { path: 'packages/utils/src/math.ts', before: '* 100)', after: '* 100.0)' },
      'own dependency': { manifest: 'apps/admin/package.json', dependency: 'react-hook-form', before: '7.51.5', after: '7.51.4' },
      'dev dependency': { manifest: 'packages/types/package.json', dependency: '@types/react-dom', before: '18.3.1', after: '18.3.0' },
      "other's dependency": { manifest: 'apps/web/package.json', dependency: 'export-to-csv', before: '^1.4.0', after: '^1.5.0' },
      script: { path: 'apps/admin/package.json', before: '--max-warnings 19', after: '--max-warnings 18' },
    },
    check: async (running) => expectPage(running.start(3000), '/god-mode/'),
  },
  {
    id: 'bruno/cli',
    repository: 'usebruno/bruno',
    commit: '675965612ff11b23bc9b6c9541110a287bcb2967',
    relock: lockBruno,
    // what is locked outside its range; what packages import and do not declare; a bundle that a script of another name than `build` makes
    mend: [
      [...lockBruno, '--workspace=packages/bruno-requests', 'hexy@0.3.5', 'qs@^6.15.2'],
      [...lockBruno, '--workspace=packages/bruno-js', 'buffer@^5.7.1'],
      ['npm', 'pkg', 'set', 'stowage.build=sandbox:bundle-libraries', '--workspace=packages/bruno-js'],
    ],
    packageManager: 'npm@10.9.9',
    app: '@usebruno/cli',
    folder: 'packages/bruno-cli',
    expert: {
      relock: { lockfile: 'package-lock.json', command: ['npx', '--yes', 'npm@10.9.9', ...lockOnly] },
    },
    changes: {
      "app's source": { path: 'packages/bruno-cli/src/index.js', before: 'Bru CLI', after: 'The Bru CLI' },
      "shared package's source": { path: 'packages/bruno-common/src/constants.ts', before: 'encodeUrl: true', after: 'encodeUrl: !false' },
      'own dependency': { manifest: 'packages/bruno-cli/package.json', dependency: 'xmlbuilder', before: '^15.1.1', after: '15.1.0' },
      'dev dependency': { manifest: 'packages/bruno-common/package.json', dependency: 'is-ip', before: '^5.0.1', after: '5.0.0' },
      "other's dependency": { manifest: 'packages/bruno-electron/package.json', dependency: 'electron-is-dev', before: '^2.0.0', after: '^3.0.1' },
      script: { path: 'packages/bruno-common/package.json', before: '"test:watch": "jest --watch"', after: '"test:watch": "jest --watchAll"' },
    },
    check: async (running) => expectCollection(running),
  },
  {
    id: 'plane/admin',
    ...plane,
    app: 'admin',
    folder: 'apps/admin',
    expert: {},
    own: {
      dockerfile: 'apps/admin/Dockerfile.admin',
      bases: { 'node:22-alpine': 'alpine-node', 'nginx:1.29-alpine': 'nginx:stable' },
      check: async (running) => expectPage(running.start(3000), '/god-mode/'),
    },
    changes: {
      ...planeShared,
      "app's source": { path: 'apps/admin/app/root.tsx', before: '"Plane | Simple,', after: '"Plane: simple,' },
      'own dependency': { manifest: 'apps/admin/package.json', dependency: 'react-hook-form', before: '7.51.5', after: '7.51.4' },
      script: { path: 'apps/admin/package.json', before: '--max-warnings=759', after: '--max-warnings=758' },
    },
    check: async (running) => expectPage(running.start(8080), '/god-mode/'),
  },
  {
    id: 'plane/live',
    ...plane,
    app: 'live',
    folder: 'apps/live',
    expert: {},
    own: { dockerfile: 'apps/live/Dockerfile.live', bases: { 'node:22-alpine': 'alpine-node' } },
    changes: {
      ...planeShared,
      "app's source": { path: 'apps/live/src/env.ts', before: 'default("1.0.0")', after: 'default("1.0.1")' },
      'own dependency': { manifest: 'apps/live/package.json', dependency: 'helmet', before: '^7.1.0', after: '^7.2.0' },
      script: { path: 'apps/live/package.json', before: '"test": "vitest run"', after: '"test": "vitest run --bail=1"' },
    },
    async check(running) {
      await running.service('redis');
      const app = running.start(3000, { API_BASE_URL: 'http://api:8000', LIVE_SERVER_SECRET_KEY: 'secret', REDIS_URL: 'redis://redis:6379' });
      await expectStatus(app, '/live/health', 200);
      return '/live/health 200';
    },
  },
];

/** A program that tests requests: its version alone says little, so it runs a collection of one request, with an assertion and a script. */
async function expectCollection(running: Running): Promise<string> {
  const version = running.run([], '--version');
  await running.service('answers');
  const folder = mkdtempSync(join(tmpdir(), 'stowage-collection-'));
  try {
    chmodSync(folder, 0o755);
    for (const [path, text] of Object.entries(collection)) writeFileSync(join(folder, path), text);
    const printed = running.run([`--volume=${folder}:/collection:ro`, '--workdir=/collection'], 'run', 'get.bru');
    if (!/Tests\W+(1 passed|1\/1)/.test(printed)) throw new Error(`no test passed:\n${printed}`);
    return `${version}, a collection's script passes`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const collection = {
  'bruno.json': JSON.stringify({ version: '1', name: 'one', type: 'collection' }),
  'get.bru': `meta {
  name: get
  type: http
  seq: 1
}

get {
  url: http://answers/
}

assert {
  res.status: eq 200
}

tests {
  test("answers", function() {
    expect(res.getStatus()).to.equal(200);
  });
}
`,
};
