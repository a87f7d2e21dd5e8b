import { Repository } from './repository.ts';

const manifest = (value: object): string => `${JSON.stringify(value)}\n`;

/** An npm workspace of a plain Node server, `api`, with a dependency and a build, and of a front end, `site`. */
export function ports(): Repository {
  const repository = Repository.of({
    'package.json': manifest({ name: 'ports', private: true, packageManager: 'npm@11.6.2', workspaces: ['apps/*'], engines: { node: '22.x' } }),
    'apps/api/package.json': manifest({
      name: 'api',
      version: '1.0.0',
      scripts: { build: 'node build.js', start: 'node dist/server.js' },
      dependencies: { once: '1.4.0' },
    }),
    'apps/api/build.js': "require('fs').cpSync('server.js', 'dist/server.js');\n",
    'apps/api/server.js': "require('once');\nrequire('http').createServer((request, response) => response.end('Ahoy')).listen(process.env.PORT);\n",
    'apps/site/package.json': manifest({
      name: 'site',
      version: '1.0.0',
      scripts: { build: 'node build.js' },
      stowage: { preset: 'static', output: 'dist', healthcheck: '/' },
    }),
    'apps/site/build.js': "const fs = require('fs');\nfs.mkdirSync('dist');\nfs.writeFileSync('dist/index.html', '<h1>Ahoy</h1>');\n",
  });
  repository.run('npx', '--yes', 'npm@11.6.2', 'install', '--package-lock-only');
  return repository;
}
