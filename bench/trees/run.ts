import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareTrees } from '../../tests/kit/trees.ts';

/** Cases of the corpus whose whole install fits a few minutes, one app of each. */
const cases: readonly (readonly [string, string])[] = [
  ['plane', 'live'],
  ['dub', 'web'],
  ['documenso', '@documenso/docs'],
  ['evershop', '@evershop/evershop'],
];

interface Case {
  readonly id: string;
  readonly installFlags?: readonly string[];
}

const corpus = process.env.STOWAGE_CORPUS;
if (corpus === undefined) throw new Error('STOWAGE_CORPUS names no folder');
const known: readonly Case[] = JSON.parse(readFileSync(join(corpus, 'cases.json'), 'utf8'));
const wanted = process.argv.slice(2);

console.log('| case | app | importers | packages | differences |\n| --- | --- | --- | --- | --- |');
for (const [id, app] of cases.filter(([id]) => wanted.length === 0 || wanted.includes(id))) {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-trees-'));
  cpSync(join(corpus, id), folder, { recursive: true, verbatimSymlinks: true });
  const flags = known.find((each) => each.id === id)?.installFlags ?? [];
  const { importers, packages, differences } = await compareTrees(folder, app, flags);
  rmSync(folder, { recursive: true, force: true });
  const told = differences.map(({ importer, onlyWhole, onlyPruned }) => `${importer}: -${onlyWhole.join(' -')} +${onlyPruned.join(' +')}`);
  console.log(`| ${id} | ${app} | ${importers} | ${packages} | ${told.length === 0 ? 'none' : told.join('; ')} |`);
}
