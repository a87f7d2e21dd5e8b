#!/usr/bin/env node
/**
 * Builds, runs and asks the apps of examples/presets: all of them, or the named ones. Needs Docker with buildx, and the network. What passed has a
 * row in bench/presets.md.
 *
 *   npm run test:presets                all
 *   npm run test:presets -- nuxt astro-node
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localBin, root } from './local-bin.mjs';

const head = [
  '# Apps of the presets',
  '',
  'Written by `npm run test:presets`. Each app of [examples/presets](../examples/presets) here was built, ran as a user who is not root, answered over',
  'HTTP, showed the pages named in a headless Chromium without an error of the console, and ended by SIGTERM. Built again as it was, all of it came from the',
  'cache; after an edit of a package it shares with others, the installs did. `MB` is what the image adds to its base, on disk.',
  '',
  '| app | MB | answered | shown in Chromium |',
  '| --- | ---: | --- | --- |',
];
const page = join(root, 'bench/presets.md');
const folder = mkdtempSync(join(tmpdir(), 'stowage-presets-'));
const rows = join(folder, 'rows');
const { status } = spawnSync(process.execPath, [localBin('vitest'), 'run', '--project', 'docker', 'tests/docker/presets.test.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, STOWAGE_PRESETS: process.argv.slice(2).join(',') || 'all', STOWAGE_PRESETS_ROWS: rows },
});
if (existsSync(rows)) write();
rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;

/** Rows of this run take the place of those of the same apps. */
function write() {
  const known = existsSync(page) ? readFileSync(page, 'utf8').split('\n').slice(head.length) : [];
  const seen = readFileSync(rows, 'utf8').split('\n');
  const byApp = new Map([...known, ...seen].filter((line) => line !== '').map((line) => [line.split(' ')[1], line]));
  const table = [...byApp.keys()].sort().map((app) => byApp.get(app));
  writeFileSync(page, [...head, ...table, ''].join('\n'));
}
