import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { presets } from '../../../packages/core/src/presets/list.ts';
import { repository } from '../../kit/cli.ts';

it('docs/presets.md has a row for each preset, in the order in which they are tried', () => {
  const page = readFileSync(join(repository, 'docs/presets.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, id]) => id);
  expect(rows).toEqual(presets.map(({ id }) => id));
});
