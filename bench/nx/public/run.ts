/**
 * Apps of public Nx workspaces: packed, both pruned installs judged by the real package manager, and where a registry is all that the build
 * needs, built, run and asked over HTTP.
 *
 *   npx tsx bench/nx/public/run.ts [--packed] [--write] [angular-template/shop ...]
 *
 * Git fetches each repository at the commit that `cases.ts` names; NX_SOURCES, a URL or a folder with `<owner>/<name>`, takes the place of GitHub.
 * --packed builds nothing; --write puts the rows into bench/README.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildProgram, stowage } from '../../../tests/kit/cli.ts';
import { Container } from '../../../tests/kit/engine.ts';
import { writeRows } from '../../readme.ts';
import { type PublicCase, publicCases } from './cases.ts';

const header = ['| repository, app | | packages | build | run time | image |', '| --- | --- | --- | --- | --- | --- |'];
const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { packed: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});
const sources = process.env.NX_SOURCES ?? 'https://github.com';
const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim().replace(/\/$/, '');
const env = { YARN_NPM_REGISTRY_SERVER: registry };

await buildProgram();
const chosen = publicCases.filter((each) => wanted.length === 0 || wanted.includes(idOf(each)));
for (const each of chosen) {
  try {
    const row = await measure(each);
    console.log(row);
    if (options.write) writeRows('nx', header, [row]);
  } catch (error) {
    console.error(`${idOf(each)}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

function idOf({ repository, app }: PublicCase): string {
  return `${repository.split('/')[1]}/${app}`;
}

async function measure(each: PublicCase): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'stowage-bench-nx-'));
  try {
    const folder = layOut(each, join(home, 'workspace'));
    const { packages } = (await run(['prune', each.app, '--verify', '--json', '--out', join(home, 'out')], folder)).apps[0];
    const answer = each.asked === undefined || options.packed ? 'not built' : await ask(each, each.asked, folder);
    const cells = [
      `${each.repository} ${each.commit.slice(0, 7)}, ${each.app}`,
      each.about,
      packages.total,
      packages.build,
      packages.runtime,
      answer,
    ];
    return `| ${cells.join(' | ')} |`;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function layOut({ repository, commit, files = {} }: PublicCase, folder: string): string {
  mkdirSync(folder);
  const git = (...words: string[]) => execFileSync('git', words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  git('init', '--quiet');
  git('fetch', '--quiet', '--depth=1', `${sources}/${repository}`, commit);
  git('checkout', '--quiet', 'FETCH_HEAD');
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

async function ask(each: PublicCase, { port, path, holds }: NonNullable<PublicCase['asked']>, folder: string): Promise<string> {
  const image = `stowage-bench/nx-${idOf(each).replace(/[^a-z0-9]+/g, '-')}`;
  try {
    await run(['build', each.app, '--tag', image, '--json'], folder);
    const container = Container.start(image, port);
    const response = await container.get(path);
    const body = await response.text();
    if (!body.includes(holds)) throw new Error(`${path} of ${image} answers ${response.status} without ${holds}:\n${body.slice(0, 2000)}`);
    return `\`${path}\` ${response.status}, ends with ${container.stop()}`;
  } finally {
    execFileSync('docker', ['image', 'rm', '--force', image], { stdio: 'ignore' });
  }
}

async function run(words: readonly string[], cwd: string) {
  const { status, stdout, stderr } = await stowage(words, { cwd, env });
  if (status !== 0) throw new Error(`stowage ${words.join(' ')} failed (${status}):\n${stderr.slice(-6000)}`);
  return JSON.parse(stdout);
}
