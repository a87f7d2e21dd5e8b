import { fileURLToPath } from 'node:url';
import { listApps, packer, readWorkspace } from '@stowage/core';
import { describe, expect, it } from 'vitest';
import { hadolint, rules } from '../kit/hadolint.ts';

const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

/** For each rule, instructions of a stage that break it. */
const broken: Readonly<Record<keyof typeof rules, string>> = {
  DL0000: 'RUN pip3 install tide',
  DL3000: 'WORKDIR app',
  DL3001: 'RUN service tide start',
  DL3002: 'USER node\nUSER root',
  DL3003: 'RUN cd /app && node build.js',
  DL3004: 'RUN sudo node build.js',
  DL3006: 'FROM node',
  DL3007: 'FROM node:latest',
  DL3009: 'RUN apt-get update && apt-get install --yes --no-install-recommends tini',
  DL3010: 'COPY tide.tar.gz /tmp/',
  DL3011: 'EXPOSE 70000',
  DL3012: 'HEALTHCHECK CMD ["a"]\nHEALTHCHECK CMD ["b"]',
  DL3014: 'RUN apt-get install --no-install-recommends tini',
  DL3015: 'RUN apt-get install -y tini',
  DL3016: 'RUN npm install --global pnpm',
  DL3019: 'RUN apk add tini',
  DL3020: 'ADD src /app/',
  DL3021: 'COPY a b /app',
  DL3022: 'COPY --from=nowhere /a /b',
  DL3023: 'COPY --from=first /a /b',
  DL3024: 'FROM node:22 AS first',
  DL3025: 'CMD node server.js',
  DL3027: 'RUN apt install tini',
  DL3043: 'ONBUILD FROM node:22',
  DL3044: 'ENV A=1 B=$A',
  DL3045: 'COPY src ./',
  DL3046: 'RUN useradd --uid 1234567 tide',
  DL3047: 'RUN wget https://example.org/tide',
  DL3048: 'LABEL Tide=high',
  DL3059: 'RUN node a.js\nRUN node b.js',
  DL3060: 'RUN yarn install',
  DL3063: 'FROM node:22 AS context',
  DL4000: 'MAINTAINER tide',
  DL4001: 'RUN curl example.org && wget -q example.org',
  DL4003: 'CMD ["a"]\nCMD ["b"]',
  DL4004: 'ENTRYPOINT ["a"]\nENTRYPOINT ["b"]',
  DL4005: 'RUN ln -sf /bin/bash /bin/sh',
  DL4006: 'RUN node a.js | sort',
};

describe("hadolint's rules", () => {
  it.each(Object.entries(broken))('%s finds `%s`', (code, text) => {
    const found = hadolint(`FROM node:22 AS first\n${text}\n`).map((finding) => finding.split(' ')[0]);
    expect(found).toContain(code);
  });

  it('are all tried', () => expect(Object.keys(broken)).toEqual(Object.keys(rules)));

  it.each(['presets', 'pnpm-node-and-vite', 'npm-node-and-vite', 'yarn-berry-node-and-vite', 'bun-node-and-vite'])(
    'are silent on each Dockerfile of examples/%s',
    async (name) => {
      const workspace = await readWorkspace(example(name));
      const pack = packer(workspace);
      const found: string[] = [];
      for (const { id } of listApps(workspace)) {
        const file = (await pack(id)).files.find(({ path }) => path === 'Dockerfile');
        found.push(...hadolint(file !== undefined && 'text' in file ? file.text : '').map((finding) => `${id}: ${finding}`));
      }
      expect(found).toEqual([]);
    },
    60_000,
  );
});
