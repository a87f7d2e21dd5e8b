/**
 * What copying and building packages row by row brings, and whether a stage for each package, wired as they depend on each other, would bring more. A
 * made repository of ten packages that tsc compiles is edited and built four ways, one after the other in each round: as Stowage writes it, with all
 * sources copied first, with a stage for each package, and as Stowage writes it where the repository has Turborepo. The installs are out of the cache.
 *
 *   npm run bench:package-stages -- [--rounds N] [--write]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { recordOf } from '../../tests/kit/engine.ts';
import { Repository } from '../../tests/kit/repository.ts';
import { median } from '../kit/measure.ts';
import { writeRows } from '../readme.ts';
import { locals, root, tenPackages } from './ten-packages.ts';

const given = process.argv.slice(2);
const rounds = given.includes('--rounds') ? Number(given[given.indexOf('--rounds') + 1]) : 3;

interface Side {
  readonly name: string;
  readonly repository: Repository;
  dockerfile(text: string): string;
}

const sides: readonly Side[] = [
  { name: 'all at once', repository: repositoryOf({}, { buildRows: false }), dockerfile: (text) => text },
  { name: 'row by row', repository: repositoryOf({}), dockerfile: (text) => text },
  { name: 'a stage for each package', repository: repositoryOf({}, { buildRows: false }), dockerfile: takenApart },
  { name: 'all at once, Turborepo in it', repository: repositoryOf({ turbo: '2.11.11' }), dockerfile: (text) => text },
];
const edits: Readonly<Record<string, readonly string[]>> = {
  nothing: [],
  'the app': ['apps/shop'],
  'a library that only the app uses': ['packages/lib-8'],
  'a library that two use': ['packages/lib-5'],
  'the library that all use': ['packages/lib-0'],
  'every package': Object.keys(locals),
};

const seconds = new Map<string, number[]>();
for (const side of sides) console.error(`${side.name}, anew: ${(await build(side)).toFixed(1)} s`);
for (let round = 0; round < rounds; round++) {
  for (const [edit, packages] of Object.entries(edits)) {
    for (const side of [...sides.slice(round % sides.length), ...sides.slice(0, round % sides.length)]) {
      for (const folder of packages)
        side.repository.edit(`${folder}/src/index.ts`, (text) => `${text}export const edit${round}${edit.length} = 1;\n`);
      const key = `${edit} ${side.name}`;
      const took = await build(side);
      console.error(`${key}: ${took.toFixed(1)} s`);
      seconds.set(key, [...(seconds.get(key) ?? []), took]);
    }
  }
}
for (const { repository } of sides) repository.remove();

const rows = Object.keys(edits).map((edit) => {
  const times = sides.map(({ name }) => seconds.get(`${edit} ${name}`) ?? []);
  const ratios = times.map((own) => median(own.map((time, round) => time / (times[0]?.[round] ?? Number.NaN))));
  return `| ${edit} | ${times.map((own, nth) => `${median(own).toFixed(1)} s${nth === 0 ? '' : ` (${ratios[nth]?.toFixed(2)}x)`}`).join(' | ')} |`;
});
console.log(rows.join('\n'), `\nload: ${loadavg()[0]?.toFixed(1)}`);
if (given.includes('--write'))
  writeRows('package-stages', [`| edited | ${sides.map(({ name }) => name).join(' | ')} |`, `| --- |${' ---: |'.repeat(sides.length)}`], rows);

function repositoryOf(tools: Readonly<Record<string, string>>, config: object = {}): Repository {
  const repository = Repository.of(tenPackages(tools, config));
  repository.run('npx', '--yes', 'pnpm@10.34.9', 'install', '--lockfile-only');
  return repository;
}

/** Packs the app, and how many seconds its build takes. */
async function build({ repository, dockerfile }: Side): Promise<number> {
  const { folder } = await repository.pack('shop');
  const file = join(folder, 'Dockerfile');
  writeFileSync(file, dockerfile(readFileSync(file, 'utf8')));
  const before = performance.now();
  await recordOf('--output=type=cacheonly', folder);
  return (performance.now() - before) / 1000;
}

/** Each package's stage has the packages it depends on as their stages made them; the app's has all, and is the stage `build`. */
function takenApart(text: string): string {
  const [before = '', after = ''] = text.split(/^FROM deps AS build\n[\s\S]*?(?=^FROM )/m);
  const stage = (folder: string, name: string): string => {
    const made = reachedFrom(folder).map((other) => `COPY --from=build-${nameOf(other)} /app/${other} ./${other}`);
    const files = [`COPY --from=stowage-src /package.json /tsconfig.base.json ./`, `COPY --from=stowage-src /${folder} ./${folder}`];
    return [
      `FROM deps AS ${name}`,
      ...(folder === root ? ['COPY --from=stowage-src / ./'] : files),
      ...made,
      `RUN pnpm --filter ./${folder} run build`,
      '',
      '',
    ].join('\n');
  };
  const stages = Object.keys(locals)
    .filter((folder) => folder !== root)
    .map((folder) => stage(folder, `build-${nameOf(folder)}`));
  return `${before}${stages.join('')}${stage(root, 'build')}${after}`;
}

function nameOf(folder: string): string {
  return folder.split('/')[1] ?? '';
}

function reachedFrom(folder: string): string[] {
  const reached = new Set(locals[folder]);
  for (const other of reached) for (const below of locals[other] ?? []) reached.add(below);
  return [...reached].sort();
}
