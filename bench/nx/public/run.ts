/**
 * Apps of public integrated Nx workspaces: packed, both pruned installs judged by the real package manager, and where no network is needed built and asked.
 *
 *   NX_CLONES=DIR npx tsx bench/nx/public/run.ts [--packed] [conduit ...]
 *
 * NX_CLONES holds a clone of each repository, checked out at the commit that `cases.ts` names. Each app is packed in a copy. --packed builds nothing.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildProgram, stowage } from '../../../tests/kit/cli.ts';
import { Container } from '../../../tests/kit/engine.ts';
import { type PublicCase, publicCases } from './cases.ts';

const { values: options, positionals: wanted } = parseArgs({ allowPositionals: true, options: { packed: { type: 'boolean', default: false } } });
const { NX_CLONES: clones } = process.env;
if (clones === undefined) throw new Error('NX_CLONES must name a folder: see bench/README.md');
const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim().replace(/\/$/, '');
const env = { YARN_NPM_REGISTRY_SERVER: registry };

await buildProgram();
for (const each of publicCases.filter(({ app }) => wanted.length === 0 || wanted.includes(app))) console.log(await measure(each, clones));

async function measure(each: PublicCase, clones: string): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'stowage-bench-nx-'));
  try {
    const folder = layOut(each, join(clones, basename(each.repository)), join(home, 'workspace'));
    const { packages } = (await run(['prune', each.app, '--verify', '--json', '--out', join(home, 'out')], folder)).apps[0];
    const answer = each.asked === undefined || options.packed ? 'not built' : await ask(each, folder);
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

function layOut({ commit, files = {}, without }: PublicCase, clone: string, folder: string): string {
  const head = execFileSync('git', ['-C', clone, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  if (head !== commit) throw new Error(`${clone} is at ${head}, not at ${commit}`);
  cpSync(clone, folder, { recursive: true, verbatimSymlinks: true, filter: (path) => basename(path) !== 'node_modules' });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  if (without !== undefined) {
    const path = join(folder, without.file);
    writeFileSync(path, readFileSync(path, 'utf8').replace(without.text, ''));
  }
  return folder;
}

async function ask({ app, asked = { port: 0, path: '/' } }: PublicCase, folder: string): Promise<string> {
  const image = `stowage-bench/nx-${app}`;
  await run(['build', app, '--tag', image, '--json'], folder);
  const container = Container.start(image, asked.port);
  const { status } = await container.get(asked.path);
  const stopped = container.stop();
  execFileSync('docker', ['image', 'rm', '--force', image]);
  return `${asked.path} ${status}, ends with ${stopped}`;
}

async function run(words: readonly string[], cwd: string) {
  const { status, stdout, stderr } = await stowage(words, { cwd, env });
  if (status !== 0) throw new Error(`stowage ${words.join(' ')} failed (${status}):\n${stderr.slice(-6000)}`);
  return JSON.parse(stdout);
}
