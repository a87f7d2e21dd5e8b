import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintDockerfile } from '../../packages/core/src/dockerfile/lint/lint-dockerfile.ts';
import type { PackageManagerId } from '../../packages/core/src/model.ts';
import { memoryFiles } from '../kit/memory-files.ts';

const importers = ['.', 'apps/web', 'apps/worker', 'packages/ui'].map((id) => ({ id, name: id, manifest: {} }));
const closure = { app: 'apps/web', build: ['apps/web', 'packages/ui'], runtime: ['apps/web'], why: [] };
interface Around {
  readonly files?: readonly string[];
  readonly path?: string;
  readonly packageManager?: PackageManagerId;
  /** Folder of the workspace in the build context. */
  readonly below?: string;
}
const lint = (text: string, { files = ['.dockerignore'], path = 'apps/web/Dockerfile', packageManager = 'npm', below = '.' }: Around = {}) =>
  lintDockerfile({
    path,
    text,
    packageManager,
    closure,
    importers,
    files: memoryFiles(Object.fromEntries(files.map((name) => [name, '']))),
    inRoot: (copied) => posix.relative(posix.join('/', below), posix.join('/', copied)) || '.',
  }).map(({ line, code }) => `${line} ${code}`);

describe('a Dockerfile written by hand', () => {
  it('may have nothing wrong', () => {
    expect(
      lint(`FROM node:24-slim AS deps
WORKDIR /app
COPY package.json package-lock.json ./
COPY apps/web/package.json apps/web/
COPY packages/ui/package.json packages/ui/
RUN --mount=type=cache,target=/root/.npm npm ci
FROM deps AS build
COPY . .
RUN npm run build
FROM deps AS prod-deps
RUN npm ci --omit=dev
FROM node:24-slim
ENV NODE_ENV=production NEXT_PUBLIC_API_KEY=x
COPY --from=prod-deps /app/node_modules ./node_modules
COPY --from=build /app/apps/web/dist ./dist
USER node
CMD ["node", "dist/main.js"]
`),
    ).toEqual([]);
  });

  it('copies everything, installs what it likes, and ships it as root', () => {
    expect(lint('FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm install && npm run build\nCMD npm start\n', { files: [] })).toEqual([
      '1 dev-dependencies-shipped',
      '1 root-user',
      '3 no-ignore-file',
      '3 sources-before-install',
      '4 unfrozen-install',
    ]);
  });

  it('keeps a list of manifests that has rotted', () => {
    expect(
      lint(
        `FROM node:24-slim AS build
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY apps/web/package.json apps/web/
COPY apps/worker/package.json apps/worker/
COPY packages/gone/package.json packages/gone/
RUN pnpm install --frozen-lockfile
FROM nginxinc/nginx-unprivileged:stable
COPY --from=build /app/dist /usr/share/nginx/html
`,
        { packageManager: 'pnpm' },
      ),
    ).toEqual(['4 manifest-unneeded', '5 manifest-unknown', '6 manifest-missing']);
  });

  it('takes secrets as build arguments, and node_modules from the build', () => {
    expect(
      lint(
        `FROM node:24-slim AS build
ARG SENTRY_AUTH_TOKEN
ENV DB_PASSWORD=x PORT=3000
COPY package.json yarn.lock ./
RUN yarn --immutable
FROM node:24-slim
COPY --from=build /app/node_modules ./node_modules
USER root
`,
        { packageManager: 'yarn-berry' },
      ),
    ).toEqual(['2 secret-in-layer', '3 secret-in-layer', '7 dev-dependencies-shipped', '8 root-user']);
  });

  it('installs with a package manager that has no lockfile here', () => {
    const text = 'FROM node:24-slim\nCOPY package.json yarn.lock ./\nRUN yarn install --frozen-lockfile --production\nUSER node\n';
    expect(lint(text, { packageManager: 'pnpm' })).toEqual(['3 other-package-manager']);
    expect(lint(text, { packageManager: 'pnpm', files: ['.dockerignore', 'e2e/yarn.lock'] })).toEqual([]);
    const cases = 'if [ -f yarn.lock ]; then yarn --frozen-lockfile --production; else pnpm i --frozen-lockfile --prod; fi';
    expect(lint(`FROM node:24-slim\nRUN ${cases}\nUSER node\n`, { packageManager: 'pnpm' })).toEqual([]);
  });

  it('may copy the sources before an install from what pnpm has fetched', () => {
    const fetched = 'FROM node:24-slim\nCOPY pnpm-lock.yaml ./\nRUN pnpm fetch --prod\nCOPY . .\nRUN pnpm install --offline --prod\nUSER node\n';
    expect(lint(fetched, { packageManager: 'pnpm' })).toEqual([]);
    expect(lint(fetched.replace('RUN pnpm fetch --prod\n', ''), { packageManager: 'pnpm' })).toEqual(['3 sources-before-install']);
  });

  it('has an ignore file that Docker never reads', () => {
    const text = 'FROM node:24-slim\nCOPY . .\nUSER node\n';
    expect(lint(text, { files: ['apps/web/.dockerignore'] })).toEqual(['1 ignore-file-unread']);
    expect(lint(text, { files: ['apps/web/.dockerignore', 'apps/web/Dockerfile.dockerignore'] })).toEqual([]);
  });

  it('copies whole packages before the install, or what turbo prunes to', () => {
    const list = 'COPY package.json yarn.lock ./\nCOPY ./packages/ui ./packages/ui\nCOPY apps/web apps/web\nRUN npm ci --omit=dev\nUSER node\n';
    expect(lint(`FROM node:24-slim\n${list}`)).toEqual(['3 sources-before-install']);
    expect(lint(`FROM node:24-slim\n${list.replace('apps/web apps/web', 'apps apps')}`)).toEqual(['3 sources-before-install']);
    expect(lint(`FROM node:24-slim\n${list.replace('COPY apps/web apps/web\n', '')}`)).toEqual(['3 sources-before-install', '4 manifest-missing']);
    const pruned =
      'FROM node AS prune\nCOPY . .\nRUN turbo prune web --docker\nFROM node\nCOPY --from=prune /app/out/full/ .\nRUN npm ci --omit=dev\nUSER node\n';
    expect(lint(pruned)).toEqual(['5 sources-before-install']);
    expect(lint(pruned.replace('/full/', '/json/'))).toEqual([]);
  });

  it('lists manifests of a workspace below the build context', () => {
    const text = `FROM node:24-slim
COPY web/package.json web/package-lock.json ./
COPY web/apps/web/package.json apps/web/
COPY web/packages/ui/package.json packages/ui/
RUN npm ci --omit=dev
COPY web/ .
USER node
`;
    expect(lint(text, { below: 'web' })).toEqual([]);
    expect(lint(text)).toContain('3 manifest-unknown');
  });

  it.each([
    ['npm ci --omit=dev', [], 'npm'],
    ['npm install --omit=dev --legacy-peer-deps', ['unfrozen-install'], 'npm'],
    ['npm install --global turbo', [], 'npm'],
    ['if [ -f yarn.lock ]; then yarn --production; else npm i --omit=dev; fi', ['unfrozen-install', 'unfrozen-install'], 'npm'],
    ['pnpm install --prod', ['unfrozen-install'], 'pnpm'],
    ['CI=1 pnpm i --prod', [], 'pnpm'],
    ['pnpm --filter web install --prod --frozen-lockfile', [], 'pnpm'],
    ['pnpm exec playwright install --with-deps', [], 'pnpm'],
    ['pnpm run install:hooks && pnpm fetch', [], 'pnpm'],
    ['corepack pnpm i --frozen-lockfile --prod', [], 'pnpm'],
    ['yarn --cwd apps/web build', [], 'yarn-classic'],
    ['yarn --production', ['unfrozen-install'], 'yarn-classic'],
    ['CI=true yarn install --production', ['unfrozen-install'], 'yarn-classic'],
    ['yarn install --immutable', ['dev-dependencies-shipped'], 'yarn-berry'],
    ['NODE_ENV=production CI=true yarn', ['dev-dependencies-shipped'], 'yarn-berry'],
    ['yarn workspaces focus web --production', [], 'yarn-berry'],
    ['bun install --production', ['unfrozen-install'], 'bun'],
    ['bun ci --production', [], 'bun'],
    ['<<EOF\nnpm install\nnpm prune --omit=dev\nEOF', ['unfrozen-install'], 'npm'],
    ['["npm", "install", "--omit=dev"]', ['unfrozen-install'], 'npm'],
  ] as const)('RUN %s', (command, codes, packageManager) => {
    const found = lint(`FROM node:24-slim\nRUN ${command}\nUSER node\n`, { packageManager });
    expect(found.map((finding) => finding.split(' ')[1])).toEqual(codes);
  });

  it('names what is secret, once a stage, and nothing else', () => {
    const names = (...variables: string[]) => lint(`FROM node:24-slim\n${variables.join('\n')}\nUSER node\n`);
    expect(names('ARG SENTRY_AUTH_TOKEN', 'ENV SENTRY_AUTH_TOKEN=$SENTRY_AUTH_TOKEN', 'ARG NEXT_SERVER_ACTIONS_ENCRYPTION_KEY')).toEqual([
      '2 secret-in-layer',
      '4 secret-in-layer',
    ]);
    expect(names('ENV DB_CONNECTION_STRING postgres://a PASSWORD')).toEqual(['2 secret-in-layer']);
    expect(names('ARG VITE_MAPS_KEY', 'ENV PRIVATE_KEY_ROTATION_GRACE_PERIOD=0 REQUIRE_AUTH=true STRIPE_PUBLISHABLE_KEY=x')).toEqual([]);
  });

  it('writes out a file, of no context', () => {
    expect(
      lint("FROM nginxinc/nginx-unprivileged\nCOPY --chmod=644 <<'END' /etc/nginx/conf.d/default.conf\nserver {\n  location / { }\n}\nEND\n", {
        files: [],
      }),
    ).toEqual([]);
  });
});
