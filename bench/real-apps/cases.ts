import type { RealApp } from './real-app.ts';
import { expectPage, expectStatus } from './running.ts';

const plane = {
  repository: 'makeplane/plane',
  commit: '4ca6d6c7b807ad09bb571af2c43e85bf47c3ec6b',
  foreignDependency: [
    { path: 'pnpm-lock.yaml', before: 'export-to-csv@1.4.0', after: 'export-to-csv@1.4.1' },
    { path: 'pnpm-lock.yaml', before: 'specifier: ^1.4.0\n        version: 1.4.0', after: 'specifier: ^1.4.1\n        version: 1.4.1' },
    { path: 'apps/web/package.json', before: '"export-to-csv": "^1.4.0"', after: '"export-to-csv": "^1.4.1"' },
  ],
} as const;

export const realApps: readonly RealApp[] = [
  {
    id: 'plane/admin',
    ...plane,
    app: 'admin',
    folder: 'apps/admin',
    expert: {},
    source: { path: 'apps/admin/app/root.tsx', before: '"Plane | Simple,', after: '"Plane: simple,' },
    check: async (running) => expectPage(running.start(8080), '/god-mode/'),
  },
  {
    id: 'plane/live',
    ...plane,
    app: 'live',
    folder: 'apps/live',
    expert: {},
    source: { path: 'apps/live/src/env.ts', before: 'default("1.0.0")', after: 'default("1.0.1")' },
    async check(running) {
      await running.service('redis');
      const app = running.start(3000, { API_BASE_URL: 'http://api:8000', LIVE_SERVER_SECRET_KEY: 'secret', REDIS_URL: 'redis://redis:6379' });
      await expectStatus(app, '/live/health', 200);
      return '/live/health 200';
    },
  },
];
