import { execFileSync } from 'node:child_process';

/**
 * Images that stand in for the bases of repositories' own Dockerfiles, and services that apps need: nothing but Node, Bun and Debian's packages.
 * What Alpine's `apk` is asked for there Debian has.
 */
const dockerfiles = {
  'alpine-node': `FROM node:22-slim
RUN printf '#!/bin/sh\\n' >/sbin/apk && chmod +x /sbin/apk
`,
  bun: `FROM node:24-slim AS node
RUN npm install --global bun@1.3.9
FROM debian:bookworm-slim
RUN useradd --uid 1000 --create-home bun
COPY --from=node /usr/local/lib/node_modules/bun/bin/bun.exe /usr/local/bin/bun
RUN ln -s bun /usr/local/bin/node && ln -s bun /usr/local/bin/bunx
ENV PRISMA_SCHEMA_ENGINE_BINARY=/bin/true
`,
  redis: `FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends redis-server
USER redis
CMD ["redis-server", "--bind", "0.0.0.0", "--protected-mode", "no", "--save", "", "--dir", "/tmp"]
`,
  postgres: `FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-15
USER postgres
RUN /usr/lib/postgresql/15/bin/initdb --auth=trust /tmp/data && echo 'host all all all trust' >>/tmp/data/pg_hba.conf
CMD ["/usr/lib/postgresql/15/bin/postgres", "-D", "/tmp/data", "-c", "listen_addresses=*"]
`,
  answers: `FROM node:22-slim
CMD ["node", "-e", "require('http').createServer((_, answer) => answer.end('{}')).listen(80)"]
`,
} as const;

export type MadeImage = keyof typeof dockerfiles;

/** Builds one and returns its name. */
export function makeImage(name: MadeImage): string {
  const image = `stowage-real-apps/${name}`;
  execFileSync('docker', ['build', '--quiet', `--tag=${image}`, '-'], { input: dockerfiles[name], stdio: ['pipe', 'ignore', 'inherit'] });
  return image;
}

export function isMadeImage(name: string): name is MadeImage {
  return Object.hasOwn(dockerfiles, name);
}
