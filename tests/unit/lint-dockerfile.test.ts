import { describe, expect, it } from 'vitest';
import { lintDockerfile } from '../../packages/core/src/dockerfile/lint/lint-dockerfile.ts';
import { memoryFiles } from '../kit/memory-files.ts';

const importers = ['.', 'apps/web', 'apps/worker', 'packages/ui'].map((id) => ({ id, name: id, manifest: {} }));
const closure = { app: 'apps/web', build: ['apps/web', 'packages/ui'], runtime: ['apps/web'], why: [] };
const lint = (text: string, files: readonly string[] = ['.dockerignore'], path = 'apps/web/Dockerfile') =>
  lintDockerfile({ path, text, closure, importers, files: memoryFiles(Object.fromEntries(files.map((name) => [name, '']))) }).map(
    ({ line, code }) => `${line} ${code}`,
  );

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
    expect(lint('FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm install && npm run build\nCMD npm start\n', [])).toEqual([
      '1 dev-dependencies-shipped',
      '1 root-user',
      '3 no-ignore-file',
      '3 sources-before-install',
      '4 unfrozen-install',
    ]);
  });

  it('keeps a list of manifests that has rotted', () => {
    expect(
      lint(`FROM node:24-slim AS build
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY apps/web/package.json apps/web/
COPY apps/worker/package.json apps/worker/
COPY packages/gone/package.json packages/gone/
RUN pnpm install --frozen-lockfile
FROM nginxinc/nginx-unprivileged:stable
COPY --from=build /app/dist /usr/share/nginx/html
`),
    ).toEqual(['4 manifest-unneeded', '5 manifest-unknown', '6 manifest-missing']);
  });

  it('takes secrets as build arguments, and node_modules from the build', () => {
    expect(
      lint(`FROM node:24-slim AS build
ARG SENTRY_AUTH_TOKEN
ENV DB_PASSWORD=x PORT=3000
COPY package.json yarn.lock ./
RUN yarn --immutable
FROM node:24-slim
COPY --from=build /app/node_modules ./node_modules
USER root
`),
    ).toEqual(['2 secret-in-layer', '3 secret-in-layer', '7 dev-dependencies-shipped', '8 root-user']);
  });

  it('has an ignore file that Docker never reads', () => {
    const text = 'FROM node:24-slim\nCOPY . .\nUSER node\n';
    expect(lint(text, ['apps/web/.dockerignore'])).toEqual(['1 ignore-file-unread']);
    expect(lint(text, ['apps/web/.dockerignore', 'apps/web/Dockerfile.dockerignore'])).toEqual([]);
  });
});
