/** A pnpm workspace of an API and a package that it uses, without any package of a registry. */
export const acme = {
  'package.json': '{ "name": "acme", "private": true, "packageManager": "pnpm@10.34.9" }\n',
  'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n',
  'pnpm-lock.yaml': `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .: {}

  apps/api:
    dependencies:
      '@acme/lib':
        specifier: workspace:*
        version: link:../../packages/lib

  packages/lib: {}
`,
  'apps/api/package.json': `${JSON.stringify({
    name: '@acme/api',
    version: '1.0.0',
    type: 'module',
    scripts: { start: 'node server.js' },
    dependencies: { '@acme/lib': 'workspace:*' },
  })}\n`,
  'apps/api/server.js': "import { answer } from '@acme/lib';\nconsole.log(answer);\n",
  'packages/lib/package.json': '{ "name": "@acme/lib", "version": "1.0.0", "type": "module", "exports": "./index.js" }\n',
  'packages/lib/index.js': 'export const answer = 42;\n',
};
