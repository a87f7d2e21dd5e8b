#!/usr/bin/env node
/**
 * The main job on a copy of an example. With Docker: an image, a running container, and what the second build and an edit cost.
 * Without: a pruned folder, proved by a real frozen install, and what an edit changes of it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { root } from './local-bin.mjs';

const app = '@harbor/api';
const image = 'stowage-demo-api';
const container = `stowage-demo-${process.pid}`;
const program = join(root, 'packages/cli/dist/bin.js');
const folder = mkdtempSync(join(tmpdir(), 'stowage-demo-'));
const harbor = join(folder, 'harbor');
const colored = process.stdout.isTTY && !process.env.NO_COLOR;
const bold = (text) => (colored ? `\u001b[1m${text}\u001b[0m` : text);
const dim = (text) => (colored ? `\u001b[2m${text}\u001b[0m` : text);

process.once('SIGINT', () => {
  cleanUp();
  process.exit(130);
});
try {
  cpSync(join(root, 'examples/pnpm-node-and-vite'), harbor, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
  heading('The example: a pnpm monorepo with an API, a front end, a worker and shared packages');
  await stowage(['list']);
  if (dockerAnswers()) await withDocker();
  else await withoutDocker();
} catch (error) {
  console.error(`\ndemo: ${error.message}`);
  process.exitCode = 1;
} finally {
  cleanUp();
}

async function withDocker() {
  heading('One command makes the image');
  await build();
  await startAndAsk();

  heading('Nothing changed: the image of this content is there, and nothing is built');
  const again = await build();
  expect(
    again.every(({ cached }) => cached),
    'a step ran again although nothing changed',
  );

  heading("A source is edited, and a script and the version in the API's manifest: the installs stay cached");
  edit();
  const edited = await build();
  const installs = edited.filter(({ stage }) => stage === 'deps' || stage === 'prod-deps');
  expect(installs.length > 0 && installs.every(({ cached }) => cached), 'an edit that changes no dependency ran an install again');
  await startAndAsk();
  console.log(`\n${bold('Done.')} The edit built the app again, and installed nothing.`);
}

async function withoutDocker() {
  console.log(dim('\nNo Docker answers here, so the folder is written and proved without it.'));
  heading('One command writes what Docker would build from, and has pnpm install it frozen');
  await stowage(['prune', app, '--out', 'pruned', '--verify'], (line) => console.log(`  ${dim(line)}`));
  const before = identities();

  heading("A source is edited, and a script and the version in the API's manifest: what do the installs see of it?");
  edit();
  await stowage(['prune', app, '--out', 'pruned', '--quiet']);
  const after = identities();
  for (const part of ['deps', 'prod', 'src']) console.log(`  ${part.padEnd(5)} ${before[part] === after[part] ? 'same as before' : 'changed'}`);
  expect(before.deps === after.deps && before.prod === after.prod && before.src !== after.src, 'the edit changed what is installed');
  console.log(`\n${bold('Done.')} Both installs would stay cached; only the build would run again.`);
}

function edit() {
  replaceIn('apps/api/src/server.ts', "greet('harbor')", "greet('harbour')");
  replaceIn('apps/api/package.json', '"build": "tsc -p tsconfig.json"', '"build": "tsc --project tsconfig.json"');
  replaceIn('apps/api/package.json', '"version": "1.4.0"', '"version": "1.5.0"');
}

function replaceIn(path, from, to) {
  const text = readFileSync(join(harbor, path), 'utf8');
  expect(text.includes(from), `${path} of the example holds no ${from}`);
  writeFileSync(join(harbor, path), text.replace(from, to));
  console.log(dim(`  ${path}: ${from} -> ${to}`));
}

/** Builds the image and shows the RUN steps as they end; gives them, each with whether BuildKit had it in its cache. */
async function build() {
  const running = new Map();
  const steps = new Map(); // buildx may tell of a step twice
  await stowage(['build', app, '--tag', image, '--log-level', 'debug'], (line) => {
    const [, started, stage, command] = /^#(\d+) \[([\w-]+) +\d+\/\d+\] RUN (.*)/.exec(line) ?? [];
    if (started !== undefined) running.set(started, { stage, command });
    const [, ended, how] = /^#(\d+) (CACHED|DONE .*)/.exec(line) ?? [];
    const step = running.get(ended);
    if (step === undefined || steps.has(ended)) return;
    steps.set(ended, { ...step, cached: how === 'CACHED' });
    const words = step.command
      .replaceAll(/--mount=\S+\s*/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
    const told = words.length > 80 ? `${words.slice(0, 77)}...` : words;
    console.log(`  ${how === 'CACHED' ? 'cached' : bold('ran   ')}  ${step.stage.padEnd(9)}  ${dim(told)} ${dim(how.replace(/^CACHED|DONE /, ''))}`);
  });
  return [...steps.values()];
}

async function startAndAsk() {
  docker('run', '--detach', '--rm', '--name', container, '--publish', '127.0.0.1::3000', image);
  const address = docker('port', container, '3000/tcp').split('\n')[0];
  console.log(`\n  docker run ${image}`);
  console.log(`  GET / -> ${await answerOf(`http://${address}/`)}`);
  docker('stop', container);
}

async function answerOf(url) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await (await fetch(url)).text();
    } catch (error) {
      if (attempt === 50) throw new Error(`the container does not answer at ${url}: ${error.cause?.message ?? error.message}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** Runs the program in the example and shows its results; what it tells besides goes to `onLine`, and is shown from the error on. */
function stowage(args, onLine = () => undefined) {
  console.log(`  ${bold(`$ stowage ${args.filter((arg) => arg !== '--log-level' && arg !== 'debug').join(' ')}`)}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: harbor, stdio: ['ignore', 'pipe', 'pipe'] });
    const told = [];
    createInterface(child.stdout).on('line', (line) => console.log(`  ${line}`));
    createInterface(child.stderr).on('line', (line) => {
      told.push(stripVTControlCharacters(line));
      onLine(told.at(-1));
    });
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve();
      else
        reject(new Error(`stowage ended with status ${status}\n${told.slice(told.findLastIndex((line) => line.startsWith('error '))).join('\n')}`));
    });
  });
}

function identities() {
  return JSON.parse(readFileSync(join(harbor, 'pruned/plan.json'), 'utf8')).identities;
}

function dockerAnswers() {
  return spawnSync('docker', ['buildx', 'version']).status === 0 && spawnSync('docker', ['info']).status === 0;
}

function docker(...args) {
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`docker ${args[0]} failed: ${stderr}`);
  return stdout.trim();
}

function expect(condition, complaint) {
  if (!condition) throw new Error(complaint);
}

function heading(text) {
  console.log(`\n${bold(text)}`);
}

function cleanUp() {
  if (dockerAnswers()) {
    spawnSync('docker', ['rm', '--force', container]);
    spawnSync('docker', ['image', 'rm', '--force', image]);
  }
  rmSync(folder, { recursive: true, force: true });
}
