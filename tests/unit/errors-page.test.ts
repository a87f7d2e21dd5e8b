import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ErrorCode } from '@stowage/core';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${root}docs/errors.md`, 'utf8');
const told = [...page.matchAll(/^\| ([\w, -]+) \|/gm)].flatMap(([, codes = '']) => codes.split(', ')).filter((code) => !/^(code|---)$/.test(code));

test('the page of errors names each code once, and no other', () => {
  const sources = ['core', 'cli'].flatMap((name) =>
    readdirSync(`${root}packages/${name}/src`, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(`${root}packages/${name}/src/${path}`, 'utf8')),
  );
  const diagnostics = sources.flatMap((text) => [...text.matchAll(/(?:code: |doubt\()'([a-z][a-z-]+)'/g)].map(([, code = '']) => code));
  expect(told.toSorted()).toEqual([...new Set([...Object.values(ErrorCode), ...diagnostics, 'stale', 'ignore-file-stale'])].sort());
});
