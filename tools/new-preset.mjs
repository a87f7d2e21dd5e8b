#!/usr/bin/env node
/**
 * Starts a preset: its folder, its lines in the list and in docs/presets.md, and a unit test that fails and says what is to be filled in.
 *
 *   npm run new:preset -- qwik            in this repository
 *   npm run new:preset -- qwik --in DIR   in a copy of it
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './local-bin.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { in: { type: 'string', default: root } } });
const [id = ''] = positionals;
const name = id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
const files = {
  preset: `packages/core/src/presets/${id}/preset.ts`,
  test: `tests/unit/presets/${id}.test.ts`,
  list: 'packages/core/src/presets/list.ts',
  page: 'docs/presets.md',
};

if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || positionals.length > 1) {
  fail('name one preset in lower case, such as "qwik" or "solid-start".');
} else if (existsSync(join(values.in, dirname(files.preset))) || existsSync(join(values.in, files.test))) {
  fail(`there is a preset "${id}" already.`);
} else {
  write(files.preset, preset());
  write(files.test, test());
  edit(files.list, (text) => withEntry(withImport(text)));
  edit(files.page, (text) => text.replace(/^(\| --- .*\n)/m, `$1| \`${id}\` | \`${id}\`, with ${id}.config | to be told | 3000 |\n`));
  console.log(`Next:
  1. ${files.preset}: how it is found, what its build makes, how that runs
  2. ${files.test}: the smallest app of this kind, and its traps; npx vitest run ${files.test}
  3. ${files.list} and ${files.page}: its place, the more particular before the more general
  4. examples/presets/apps/${id} and a line in tests/kit/gallery.ts; npm run test:presets -- ${id}`);
}

function preset() {
  return `import { buildScript, configFile, uses } from '../facts.ts';
import type { Preset } from '../preset.ts';
import { serverPlan } from '../server-plan.ts';

/** What ${id} is: what its build makes, and how that runs. */
export const ${name}: Preset = {
  id: '${id}',
  detect: (app) => (uses(app, '${id}') ? configFile(app, '${id}.config')?.name : undefined),
  plan: (app) => serverPlan(app, { build: buildScript(app, /\\b${id} build\\b/), command: undefined, port: 3000 }),
};
`;
}

function test() {
  return `import { describe, expect, it } from 'vitest';
import { found } from '../../kit/app-facts.ts';

describe('${id}', () => {
  /** The smallest app of this kind: its manifest, and the config files that tell it. */
  const manifest = { dependencies: { '${id}': '1.0.0' }, scripts: { build: '${id} build' } };
  const files = { '${id}.config.ts': 'export default {}' };

  it('is found', () => expect(found(manifest, files)).toMatchObject({ id: '${id}', reason: '${id}.config.ts' }));

  it('is no package that only knows it', () => expect(found(manifest).reason).toBeUndefined());

  it('runs what its build makes', () => {
    const { plan } = found(manifest, files);
    const missing = '${files.preset}: fill in "command", or return a StaticPlan with "output"';
    expect(plan.kind === 'server' ? plan.command : plan.output, missing).toBeDefined();
  });
});
`;
}

/** Imports are sorted by path. */
function withImport(text) {
  const line = `import { ${name} } from './${id}/preset.ts';`;
  const lines = text.split('\n');
  const next = lines.findIndex((each) => (/from '(\.\/[^']*)'/.exec(each)?.[1] ?? '') > `./${id}/preset.ts`);
  lines.splice(next, 0, line);
  return lines.join('\n');
}

function withEntry(text) {
  return text.replace(/^(export const presets: .*\[\n)/m, `$1  ${name},\n`);
}

function write(path, text) {
  mkdirSync(dirname(join(values.in, path)), { recursive: true });
  writeFileSync(join(values.in, path), text);
  console.log(`wrote ${path}`);
}

function edit(path, change) {
  const before = readFileSync(join(values.in, path), 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${path} is not as this program knows it`);
  writeFileSync(join(values.in, path), after);
  console.log(`edited ${path}`);
}

function fail(message) {
  console.error(`new-preset: ${message}`);
  process.exitCode = 2;
}
