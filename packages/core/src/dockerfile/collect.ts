import { envFileName } from '../context/env-files.ts';

/** What the running app needs of one package besides its installed dependencies. */
export interface RuntimePackage {
  /** Importer id. */
  readonly folder: string;
  /** A built package gives what its build made and the listed sources; another all its sources: they are the program. */
  readonly built: boolean;
  /** Source files that a built package needs as they are, relative to its folder. */
  readonly sources: readonly string[];
  /** Source files that the config names, relative to its folder. */
  readonly included: readonly string[];
  /** Built folders that no running app reads, relative to its folder. */
  readonly left: readonly string[];
}

/**
 * A program for Node that copies those files from the build stage to `/out`. What a build made is what neither the sources nor the files
 * given to the install have: this needs no knowledge of any tool's output folder, and no clock. Env files never go in.
 * @param prisma whether clients that Prisma has generated into `node_modules` go in too: the production install has none
 */
export function collectProgram(packages: readonly RuntimePackage[], prisma: boolean): string {
  const list = packages.map(({ folder, built, sources, left }) => `  ${JSON.stringify([folder, built, sources, left])},`).join('\n');
  return `const fs = require('node:fs'), path = require('node:path');
const never = /^(node_modules|\\.git|\\.yarn|\\.pnp\\..*|\\.turbo|\\.cache|\\.nx|coverage|.*\\.tsbuildinfo)$/, env = ${envFileName};
const same = (a, b) => fs.existsSync(b) && fs.statSync(b).isFile() && fs.readFileSync(a).equals(fs.readFileSync(b));
for (const [folder, built, sources, left] of [
${list}
]) {
  const wanted = new Set(['package.json', ...sources]);
  const take = (file) => {
    const from = path.join('/app', folder, file);
    const [source, given] = ['/src', '/deps'].map((top) => path.join(top, folder, file));
    if (!fs.lstatSync(from).isSymbolicLink()) {
      if (!fs.existsSync(source) && same(from, given)) return;
      if (built && !wanted.has(file) && same(from, source)) return;
    }
    const to = path.join('/out', folder, file);
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.cpSync(from, to, { verbatimSymlinks: true });
  };
  const walk = (below) => {
    for (const entry of fs.readdirSync(path.join('/app', folder, below), { withFileTypes: true })) {
      const file = path.join(below, entry.name);
      if (never.test(entry.name) || env.test(entry.name) || left.includes(file)) continue;
      if (entry.isDirectory()) walk(file);
      else take(file);
    }
  };
  walk('');
}${prisma ? prismaProgram : ''}`;
}

/** The client lies beside `@prisma/client`: at the top, in a package's own folder, or in a folder of pnpm's. */
const prismaProgram = `
const folders = ['', ...fs.readdirSync('/src', { recursive: true }).filter((file) => path.basename(file) === 'package.json').map((file) => path.dirname(file))];
const store = 'node_modules/.pnpm';
if (fs.existsSync(path.join('/app', store))) for (const entry of fs.readdirSync(path.join('/app', store))) folders.push(path.join(store, entry));
for (const folder of new Set(folders)) {
  const client = path.join(folder, 'node_modules/.prisma');
  if (fs.existsSync(path.join('/app', client))) fs.cpSync(path.join('/app', client), path.join('/out', client), { recursive: true, verbatimSymlinks: true });
}`;
