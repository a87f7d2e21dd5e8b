#!/usr/bin/env node
/**
 * Builds, runs and asks the apps of examples/presets: all of them, or the named ones. Needs Docker with buildx, and the network.
 *
 *   npm run test:presets                all
 *   npm run test:presets -- nuxt astro-node
 */
import { spawnSync } from 'node:child_process';
import { localBin, root } from './local-bin.mjs';

const named = process.argv.slice(2).join(',') || 'all';
const { status } = spawnSync(process.execPath, [localBin('vitest'), 'run', '--project', 'docker', 'tests/docker/presets.test.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, STOWAGE_PRESETS: named },
});
process.exitCode = status ?? 1;
