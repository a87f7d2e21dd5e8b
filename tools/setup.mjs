#!/usr/bin/env node
/**
 * From a fresh clone to a built checkout, with Node.js and npm alone: installs with the exact pnpm that package.json names
 * (skipped while manifests and lockfile are the same as at the last install), then builds what changed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localBin, root } from './local-bin.mjs';

const windows = process.platform === 'win32';
const stampFile = join(root, 'node_modules/.stowage-setup');

assertNode();
install();
build();

function assertNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(`Node.js 20.19 or newer is needed; this is ${process.versions.node}.`);
}

function install() {
  const stamp = installInputs();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
  console.error(`setup: installing with ${pnpm}`);
  const { status } = spawnSync('npx', ['--yes', pnpm, 'install', '--frozen-lockfile'], { cwd: root, stdio: ['ignore', 2, 2], shell: windows });
  if (status !== 0) stop('the install failed, see above.');
  writeFileSync(stampFile, stamp);
}

/** One hash over everything that the install reads. */
function installInputs() {
  const manifests = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/package.json`);
  const files = ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', ...manifests.sort()].filter((path) => existsSync(join(root, path)));
  const hash = createHash('sha256');
  for (const path of files)
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

function build() {
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [localBin('nx'), 'run-many', '-t', 'build'], { cwd: root, env, encoding: 'utf8' });
  if (status === 0) return;
  console.error(`${stdout}${stderr}`);
  stop('the build failed, see above.');
}

function stop(reason) {
  console.error(`setup: ${reason}`);
  process.exit(1);
}
