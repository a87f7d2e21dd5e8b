import { expect, test } from 'vitest';
import { npmrcValues, sanitizeNpmrc } from '../../../packages/core/src/package-managers/npmrc.ts';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: npm's own syntax for an environment variable
const npmrc = (...lines: string[]) => ({ path: '.npmrc', text: `${lines.join('\n')}\n` });

test('settings and references stay, and references are named as secrets', () => {
  const result = sanitizeNpmrc(
    npmrc('shamefully-hoist = true', '//npm.example/:_authToken=${NPM_TOKEN}', '@acme:registry=https://${HOST-npm.example}/'),
  );
  expect(result.text).toBe('shamefully-hoist = true\n//npm.example/:_authToken=${NPM_TOKEN}\n@acme:registry=https://${HOST-npm.example}/\n');
  expect(result.secrets).toEqual(['HOST', 'NPM_TOKEN']);
  expect(result.diagnostics).toEqual([]);
});

test('a credential that is written out is left out, and no diagnostic repeats it', () => {
  const secret = 's3cr3t';
  const lines = [
    `//npm.example/:_authToken=${secret}`,
    `_auth="${secret}"`,
    `//npm.example/:_password=${secret}`,
    `//npm.example/:username=${secret}`,
    `https-proxy=http://me:${secret}@proxy.example:8080`,
    `registry=https://${secret}@npm.example/acme/`,
    `//npm.other/:_authToken=${secret}-\${SUFFIX}`,
  ];
  const result = sanitizeNpmrc(npmrc(...lines, `# //npm.example/:_authToken=${secret}`, 'always-auth=true'));
  expect(result.text).toBe('always-auth=true\n');
  expect(result.secrets).toEqual([]);
  expect(result.diagnostics.map(({ code, file, line }) => ({ code, file, line }))).toEqual(
    lines.map((_, index) => ({ code: 'literal-credential', file: '.npmrc', line: index + 1 })),
  );
  expect(result.diagnostics.map(({ hint }) => /such as (\S+):/.exec(hint ?? '')?.[1])).toEqual([
    ...lines.slice(0, 4).map((line) => `${line.replace(/=.*/, '')}=${'${NPM_TOKEN}'}`),
    'https-proxy=${HTTPS_PROXY}',
    'registry=${REGISTRY}',
    '//npm.other/:_authToken=${NPM_TOKEN}',
  ]);
  expect(JSON.stringify(result)).not.toContain(secret);
});

test('a user name stays beside a password that comes from the environment', () => {
  const text = '//npm.example/:username=ci\n//npm.example/:_password=${NPM_PASSWORD}\n';
  expect(sanitizeNpmrc({ path: '.npmrc', text })).toEqual({ text, secrets: ['NPM_PASSWORD'], diagnostics: [] });
});

test('what of a URL comes from the environment stays, and the user of an address of git', () => {
  const text = 'https-proxy=http://me:${PASSWORD}@proxy.example\nregistry=https://${TOKEN}@npm.example/\ngit=ssh://git@host.example/\n';
  expect(sanitizeNpmrc({ path: '.npmrc', text })).toEqual({ text, secrets: ['PASSWORD', 'TOKEN'], diagnostics: [] });
});

test('an escaped reference is a literal', () => {
  expect(sanitizeNpmrc(npmrc('//npm.example/:_authToken=\\${NPM_TOKEN}')).text).toBe('');
});

test('carriage returns and a byte order mark go', () => {
  expect(sanitizeNpmrc({ path: '.npmrc', text: '\uFEFFhoist=false\r\n; c\r\n\r\na=b' }).text).toBe('hoist=false\na=b\n');
});

test('values of a setting, lists included', () => {
  expect(npmrcValues('public-hoist-pattern[]=*prisma*\npublic-hoist-pattern[] = "*eslint*"\nhoist\n', 'public-hoist-pattern')).toEqual([
    '*prisma*',
    '*eslint*',
  ]);
  expect(npmrcValues('hoist\n', 'hoist')).toEqual(['true']);
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: npm's own syntax for an environment variable
