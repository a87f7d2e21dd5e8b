import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { annotationLine } from '../../../packages/cli/src/annotation.ts';
import { appendToStep, delimited, githubOutputs, renderOutputs } from '../../../packages/cli/src/formats/github.ts';
import { gitlabPipeline } from '../../../packages/cli/src/formats/gitlab.ts';
import { markdown } from '../../../packages/cli/src/formats/markdown.ts';
import { flowchart } from '../../../packages/cli/src/formats/mermaid.ts';
import type { Affected, AffectedApp, Change } from '../../../packages/core/src/index.ts';

const express: Change = {
  kind: 'dependency',
  how: 'changed',
  what: 'express',
  before: '4.19.2',
  after: '4.21.0',
  path: ['@acme/api', '@acme/http'],
  steps: ['install', 'build', 'image'],
};
const source: Change = { kind: 'source', how: 'added', what: 'apps/api/my_|_file.js', path: ['@acme/api'], steps: ['build', 'image'] };
const api: AffectedApp = { id: 'apps/api', name: '@acme/api', reason: 'changed', identity: 'abc', changes: [express, source] };
const web: AffectedApp = { id: 'apps/web', name: 'web', reason: 'new', identity: 'def', changes: [] };
const two: Affected = { apps: [api, web], unaffected: [{ id: 'apps/docs', name: 'docs' }], removed: [{ id: 'apps/old', name: 'old' }] };
const none: Affected = { apps: [], unaffected: [{ id: 'apps/docs', name: 'docs' }], removed: [] };
const many = (count: number): Affected => ({
  ...none,
  apps: Array.from({ length: count }, (_, at) => ({ ...web, id: `apps/a${at}`, name: `a${at}` })),
});

afterEach(() => vi.unstubAllEnvs());

describe('github', () => {
  it('a matrix of what a job needs', () => {
    const outputs = githubOutputs(two);
    expect(JSON.parse(outputs.get('matrix') ?? '')).toEqual({
      include: [
        {
          name: '@acme/api',
          app: 'apps/api',
          target: 'acme-api',
          identity: 'abc',
          reason: 'express 4.19.2 -> 4.21.0, needed by @acme/api > @acme/http (and 1 more)',
        },
        { name: 'web', app: 'apps/web', target: 'web', identity: 'def', reason: 'new since the base' },
      ],
    });
    expect([...outputs].slice(1)).toEqual([
      ['any', 'true'],
      ['count', '2'],
      ['chunks', '1'],
    ]);
  });

  it('nothing affected: a matrix that is JSON, and any says not to use it', () => {
    expect(renderOutputs(githubOutputs(none))).toBe('matrix={"include":[]}\nany=false\ncount=0\nchunks=1\n');
  });

  it.each([
    [256, [256]],
    [257, [256, 1]],
    [513, [256, 256, 1]],
  ])('%i apps: no matrix above 256 jobs, none lost', (count, sizes) => {
    const outputs = githubOutputs(many(count));
    const matrices = ['matrix', 'matrix_2', 'matrix_3'].flatMap((name) => {
      const text = outputs.get(name);
      return text === undefined ? [] : [JSON.parse(text).include as { app: string }[]];
    });
    expect(matrices.map(({ length }) => length)).toEqual(sizes);
    expect(new Set(matrices.flat().map(({ app }) => app)).size).toBe(count);
    expect([outputs.get('count'), outputs.get('chunks')]).toEqual([String(count), String(sizes.length)]);
  });

  it('appends outputs between delimiters of which no two are alike', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stowage-output-'));
    const file = join(folder, 'output');
    vi.stubEnv('GITHUB_OUTPUT', file);
    for (const value of ['a\nb', 'EOF']) appendToStep('GITHUB_OUTPUT', delimited(new Map([['x', value]])));
    const read = [...readFileSync(file, 'utf8').matchAll(/^(\w+)<<(stowage-[\w-]{36})\n([\s\S]*?)\n\2\n/gm)];
    expect(read.map(([, name, , value]) => [name, value])).toEqual([
      ['x', 'a\nb'],
      ['x', 'EOF'],
    ]);
    expect(new Set(read.map(([, , mark]) => mark)).size).toBe(2);
    vi.stubEnv('GITHUB_OUTPUT', join(folder, 'none', 'output'));
    expect(() => appendToStep('GITHUB_OUTPUT', '')).toThrow(/GITHUB_OUTPUT names .* which cannot be written: ENOENT/);
    vi.stubEnv('GITHUB_OUTPUT', '');
    appendToStep('GITHUB_OUTPUT', 'x');
    rmSync(folder, { recursive: true });
  });
});

describe('gitlab', () => {
  it('a job for each app, which extends what the repository defines', () => {
    expect(parse(gitlabPipeline(two, 'ci/images: mine.yml'))).toEqual({
      include: [{ local: 'ci/images: mine.yml' }],
      'build acme-api': { extends: '.stowage', variables: { STOWAGE_APP: 'apps/api', STOWAGE_IDENTITY: 'abc' } },
      'build web': { extends: '.stowage', variables: { STOWAGE_APP: 'apps/web', STOWAGE_IDENTITY: 'def' } },
    });
  });

  it('a problem of several lines stays a comment', () => {
    const app: AffectedApp = { ...web, reason: 'unknown', problem: 'first\nevil: true' };
    expect(Object.keys(parse(gitlabPipeline({ ...none, apps: [app] }, 'x.yml')))).toEqual(['include', 'build web']);
  });

  it('nothing affected: one job, for a pipeline without jobs is an error', () => {
    expect(parse(gitlabPipeline(none, 'x.yml'))).toEqual({ 'nothing-affected': { script: ['echo "No image is affected."'] } });
  });
});

describe('markdown', () => {
  it('a table, and the changes of an app that has several', () => {
    expect(markdown(two, 'abc (the push event)')).toBe(
      `### Affected images: 2 of 3

Compared with abc (the push event).

Apps that are no more: \`old\`.

| image | because |
| --- | --- |
| \`@acme/api\` | express 4.19.2 -\\> 4.21.0, needed by @acme/api \\> @acme/http (and 1 more) |
| \`web\` | new since the base |

<details><summary>@acme/api</summary>

- express 4.19.2 -\\> 4.21.0, needed by @acme/api \\> @acme/http (install, build, image)
- apps/api/my\\_\\|\\_file.js added, in @acme/api (build, image)

</details>
`,
    );
  });

  it('names what it leaves out of an app', () => {
    const changes = Array.from({ length: 23 }, () => source);
    expect(
      markdown({ ...none, apps: [{ ...api, changes }] }, 'x')
        .split('\n')
        .filter((line) => line.startsWith('- ')),
    ).toHaveLength(21);
    expect(markdown({ ...none, apps: [{ ...api, changes }] }, 'x')).toContain('\n- and 3 more\n');
  });

  it('nothing affected', () => {
    expect(markdown(none, 'x')).toBe('### Affected images: 0 of 1\n\nCompared with x.\n\n');
  });

  it('is cut between lines below what GitHub takes, in bytes', () => {
    const apps = many(4000).apps.map((app): AffectedApp => ({ ...app, reason: 'unknown', problem: 'é'.repeat(200) }));
    const text = markdown({ ...none, apps }, 'x');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024 * 1024);
    expect(Buffer.byteLength(text)).toBeGreaterThan(1024 * 1024 - 1000);
    expect(text.split('\n').slice(-4, -2)).toEqual([expect.stringMatching(/é \|$/), '']);
    expect(text).toMatch(/The rest is left out: .*\n$/);
  });
});

describe('mermaid', () => {
  it('ways that share their beginning share its nodes; labels hold no syntax', () => {
    const text = flowchart([
      ['a', 'b "x" #1', 'c'],
      ['a', 'b "x" #1', 'd > e'],
    ]);
    expect(text).toBe(
      `flowchart LR
  n1["a"]
  n2["b #quot;x#quot; #35;1"]
  n3["c"]
  n4["d #gt; e"]
  n1 --> n2
  n2 --> n3
  n2 --> n4
`,
    );
  });
});

describe('annotations', () => {
  const problem = { level: 'error', title: 'STW3005', message: '50% of it:\nbad, indeed', hint: 'Mend it.', file: 'a,b:c.yaml', line: 3 } as const;

  it('one line, whatever the text holds', () => {
    expect(annotationLine(problem, undefined, undefined)).toBe(
      '::error file=a%2Cb%3Ac.yaml,line=3,title=STW3005::50%25 of it:%0Abad, indeed%0AMend it.\n',
    );
    expect(annotationLine({ ...problem, level: 'warning', file: undefined, hint: undefined }, '/r', '/r')).toBe(
      '::warning title=STW3005::50%25 of it:%0Abad, indeed\n',
    );
  });

  it.each([
    ['/repo', '/repo', 'x'],
    ['/repo/js', '/repo', 'js/x'],
    ['/elsewhere', '/repo', 'x'],
    ['/repo', '', 'x'],
  ])('a file of the workspace %s in the checkout %s is %s', (root, checkout, file) => {
    expect(annotationLine({ ...problem, file: 'x', line: undefined }, root, checkout)).toContain(`::error file=${file},title=`);
  });
});
