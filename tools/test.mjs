#!/usr/bin/env node
/**
 * All checks and all tests, one after the other, so that what needs the whole machine has it to itself.
 *
 *   npm test                  everything
 *   npm test -- unit install  only these parts: checks, unit, install, docker
 *
 * Tests of real tools skip where the tool is lacking; with STOWAGE_REQUIRE_ALL=1 and CI=true they fail instead.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { localBin, root } from './local-bin.mjs';

const checks = {
  biome: [localBin('@biomejs/biome', 'biome'), 'check', '.'],
  tsc: [localBin('typescript', 'tsc'), '-p', 'tsconfig.json'],
  'dependency-cruiser': [localBin('dependency-cruiser', 'depcruise'), '--config', '.dependency-cruiser.mjs', 'packages', 'tests'],
  knip: [localBin('knip')],
};
const projects = ['unit', 'install', 'docker'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((part) => part !== 'checks' && !projects.includes(part));
if (unknown.length > 0) {
  console.error(`test: no part is called ${unknown.join(', ')}; there are checks, ${projects.join(', ')}.`);
  process.exit(2);
}
const chosen = (part) => wanted.length === 0 || wanted.includes(part);

const total = { passed: 0, failed: 0, skipped: 0 };
if (chosen('checks')) for (const [name, command] of Object.entries(checks)) add(runCheck(name, command));
sayWhatIsLacking();
for (const project of projects) if (chosen(project)) add(runProject(project));

console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

function runCheck(name, [script, ...args]) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  return status === 0 ? { passed: 1 } : { failed: 1 };
}

/**
 * Real tools ask registries and share a machine: a file of theirs that failed is asked once more, alone, and what fails again has failed.
 * More than a few are no accident.
 */
function runProject(project) {
  console.log(`\n== tests/${project}`);
  const first = vitest(project);
  const failed = first.files.filter(({ status }) => status === 'failed');
  if (project === 'unit' || failed.length === 0 || failed.length > 3) return summary(first);
  const names = failed.map(({ name }) => relative(root, name));
  console.log(`\n== tests/${project}: asked again: ${names.join(', ')}`);
  const again = vitest(project, names);
  return summary({ ok: again.ok, files: [...first.files.filter((file) => !failed.includes(file)), ...again.files] });
}

/** Whether vitest ended well, and its report of each test file. */
function vitest(project, files = []) {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-test-'));
  try {
    const report = join(folder, 'report.json');
    const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...files];
    const { status } = spawnSync(process.execPath, [localBin('vitest'), ...args], { cwd: root, stdio: 'inherit' });
    return { ok: status === 0, files: existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that does not even load has no test that failed, and vitest itself may fail: both count as one failure. */
function summary({ ok, files }) {
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;
  const failed = count('failed');
  return { passed: count('passed'), failed: failed === 0 && !ok ? 1 : failed, skipped: count('skipped', 'pending', 'todo', 'disabled') };
}

function add({ passed = 0, failed = 0, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

function sayWhatIsLacking() {
  const { STOWAGE_CORPUS, STOWAGE_JUDGE } = process.env;
  const lacking = [
    chosen('docker') && spawnSync('docker', ['buildx', 'version']).status !== 0 && 'Docker with buildx',
    chosen('install') && !(STOWAGE_CORPUS && existsSync(join(STOWAGE_CORPUS, 'cases.json'))) && 'the corpus of real lockfiles (STOWAGE_CORPUS)',
    chosen('install') && !(STOWAGE_JUDGE && existsSync(STOWAGE_JUDGE)) && 'the judge of frozen installs (STOWAGE_JUDGE)',
  ].filter(Boolean);
  for (const tool of lacking) console.log(`\ntest: no ${tool.replace(/^the /, '')} here; the tests that need it are skipped.`);
}
