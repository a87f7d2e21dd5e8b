import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../packages/core/src/model.ts';
import { findPreset } from '../../packages/core/src/presets/list.ts';
import { parseStart } from '../../packages/core/src/presets/node/start-command.ts';
import { nodeMajor } from '../../packages/core/src/presets/node-version.ts';
import type { AppFacts } from '../../packages/core/src/presets/preset.ts';
import { memoryFiles } from '../kit/memory-files.ts';

const facts = (manifest: Manifest, files: Record<string, string> = {}, config: AppFacts['config'] = {}, root: Manifest = {}): AppFacts => ({
  importer: { id: 'apps/web', name: 'web', manifest },
  root: { id: '.', name: 'root', manifest: root },
  shared: false,
  files: memoryFiles(files),
  config,
});

describe('start commands', () => {
  it.each([
    ['node dist/main.js', ['node', 'dist/main.js'], {}],
    ['NODE_ENV=production node --enable-source-maps dist/main.js', ['node', '--enable-source-maps', 'dist/main.js'], { NODE_ENV: 'production' }],
    ['cross-env PORT=80 node server.js', ['node', 'server.js'], { PORT: '80' }],
    ['node --env-file=.env server.js', ['node', 'server.js'], {}],
    ['dotenv -e ../../.env -- node server.js', ['node', 'server.js'], {}],
    ['tsx src/index.ts', ['node', '--import', 'tsx', 'src/index.ts'], {}],
    ['nest start', ['node', 'dist/main.js'], {}],
    ['next start -p 3000', ['sh', '-c', 'exec next start -p 3000'], {}],
    ['node migrate.js && node server.js', ['sh', '-c', 'node migrate.js && node server.js'], {}],
  ])('%s', (script, words, env) => expect(parseStart(script, undefined)).toEqual({ words, env }));
});

describe('presets', () => {
  it('knows a Vite front end and what its config says', () => {
    const app = facts(
      { devDependencies: { vite: '7' } },
      { 'apps/web/index.html': '', 'apps/web/vite.config.ts': "export default { base: '/admin', build: { outDir: 'build' } }" },
    );
    const { preset } = findPreset(app);
    expect([preset.id, preset.plan(app)]).toEqual(['vite', expect.objectContaining({ output: 'build', publicPath: '/admin/' })]);
  });

  it('takes a React Router app without a server as static files', () => {
    const app = facts({ scripts: { start: 'serve' } }, { 'apps/web/react-router.config.ts': 'export default { ssr: false }' });
    expect(findPreset(app).preset.plan(app)).toMatchObject({ kind: 'static', output: 'build/client' });
  });

  it('takes a start script as a program, and says nothing of a library', () => {
    expect(findPreset(facts({ scripts: { start: 'node index.js' } }))).toMatchObject({
      preset: { id: 'node' },
      reason: 'start script: node index.js',
    });
    expect(findPreset(facts({ main: 'index.js' })).reason).toBeUndefined();
  });
});

describe('the Node major', () => {
  it.each([
    [{}, {}, {}, 24],
    [{ engines: { node: '>=20 <23' } }, {}, {}, 22],
    [{ engines: { node: '^20.10.0' } }, {}, {}, 20],
    [{}, { '.nvmrc': 'v22.3.0\n' }, {}, 22],
    [{}, { '.nvmrc': '22', 'apps/web/.node-version': '20.1.0' }, {}, 20],
    [{ volta: { node: '20.11.1' } }, {}, {}, 20],
    [{}, {}, { node: 26 }, 26],
  ] as const)('%j with %j told %j is %i', (manifest, files, config, major) => expect(nodeMajor(facts(manifest, files, config))).toBe(major));
});
