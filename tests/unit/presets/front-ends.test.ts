import { describe, expect, it } from 'vitest';
import { outputMode } from '../../../packages/core/src/presets/next/output-mode.ts';
import { found } from '../../kit/app-facts.ts';

describe('Next.js', () => {
  const app = { dependencies: { next: '16' }, scripts: { build: 'next build', start: 'next start' } };

  it.each([
    ["module.exports = { output: 'standalone' }", 'standalone', {}],
    ['export default { output: "standalone" as const }', 'standalone', {}],
    ["nextConfig.output = 'standalone'", 'standalone', {}],
    ["const c: NextConfig = {\n  output: process.env.SELF_HOST ? 'standalone' : undefined }", 'standalone', { SELF_HOST: 'true' }],
    ["export default { output: process.env.DOCKER === '1' ? 'standalone' : undefined }", 'standalone', { DOCKER: '1' }],
    ["export default { output: process.env.A === 'x' && process.env.B ? 'standalone' : undefined }", 'standalone', { A: 'x', B: 'true' }],
    ["export default { ...(process.env.STANDALONE_BUILD && { output: 'standalone' }) }", 'standalone', { STANDALONE_BUILD: 'true' }],
    ["export default { ...(env.STANDALONE === 'yes' ? { output: 'standalone' } : {}) }", 'standalone', { STANDALONE: 'yes' }],
    ["if (process.env.SELF_HOST === 'true') {\n  config.output = 'standalone'; }", 'standalone', { SELF_HOST: 'true' }],
    ["export default { output: process.env['HOST'] ? 'standalone' : undefined }", 'standalone', { HOST: 'true' }],
    ["export default { output: process.env.VERCEL ? undefined : 'standalone' }", 'standalone', {}],
    ["export default { output: !process.env.VERCEL && 'standalone' }", 'standalone', {}],
    ["export default { output: process.env.NODE_ENV === 'production' ? 'standalone' : undefined }", 'standalone', {}],
    ['export default { output: process.env.NEXT_OUTPUT }', 'standalone', { NEXT_OUTPUT: 'standalone' }],
    ["export default { output: 'export' }", 'export', {}],
    ["export default { output: process.env.STATIC ? 'export' : undefined }", 'server', {}],
    ["export default { output: process.env.STATIC ? 'export' : 'standalone' }", 'standalone', {}],
    ["export default { target: 'standalone' }", 'server', {}],
    ['export default {}', 'server', {}],
  ] as const)('%s is %s', (code, mode, env) => expect(outputMode(code)).toEqual({ mode, env }));

  it('takes of a standalone build the server and the two folders it leaves out, and installs nothing for it', () => {
    const { id, reason, plan } = found(app, {
      'next.config.ts': "export default { distDir: '.build', output: process.env.SELF_HOST ? 'standalone' : undefined }",
    });
    expect([id, reason]).toEqual(['next', "next.config.ts, output: 'standalone' by SELF_HOST"]);
    expect(plan).toEqual({
      kind: 'server',
      build: 'build',
      buildEnv: { NEXT_TELEMETRY_DISABLED: '1', SELF_HOST: 'true' },
      caches: ['.build/cache'],
      command: ['node', 'server.js'],
      port: 3000,
      env: { HOSTNAME: '0.0.0.0', NEXT_TELEMETRY_DISABLED: '1' },
      writable: ['.build'],
      contents: [
        { from: '.build/standalone', to: '.' },
        { from: '.build/static', to: 'apps/web/.build/static' },
        { from: 'public', to: 'apps/web/public', optional: true },
      ],
    });
  });

  it('sees what is only a comment, and where the app itself is traced from', () => {
    expect(found(app, { 'next.config.mjs': "// output: 'standalone'\nexport default { /* output: 'export' */ }" }).plan).toMatchObject({
      command: ['sh', '-c', 'exec next start'],
      reads: ['/next.config.*'],
      diagnostics: [{ code: 'next-not-standalone', file: 'apps/web/next.config.mjs' }],
    });
    const { plan } = found(app, { 'next.config.js': "module.exports = { output: 'standalone', outputFileTracingRoot: __dirname }" });
    expect(plan).toMatchObject({ contents: [{ from: '.next/standalone', to: 'apps/web' }, {}, {}] });
  });

  it('serves an exported site', () =>
    expect(found(app, { 'next.config.js': "module.exports = { output: 'export', basePath: '/docs' }" }).plan).toMatchObject({
      kind: 'static',
      output: 'out',
      publicPath: '/docs/',
      fallback: undefined,
    }));

  it('needs no config, keeps a server of its own, and is no library that knows Next', () => {
    expect(found(app).id).toBe('next');
    const own = found(
      { ...app, scripts: { build: 'next build', start: 'NODE_ENV=production node server.js' } },
      { 'next.config.js': 'module.exports = {}' },
    );
    expect(own.plan).toMatchObject({ command: ['node', 'server.js'], env: { NODE_ENV: 'production' } });
    expect(found({ devDependencies: { next: '16' }, scripts: { build: 'tsup' } }).reason).toBeUndefined();
  });
});

describe('Vite', () => {
  it('knows a front end and what its config says', () => {
    const files = { 'index.html': '', 'vite.config.ts': "export default { base: '/admin', build: { outDir: 'build' } }" };
    expect(found({ devDependencies: { vite: '7' } }, files)).toMatchObject({
      id: 'vite',
      reason: 'index.html and vite.config.ts',
      plan: { output: 'build', publicPath: '/admin/', fallback: 'index.html' },
    });
  });

  it('leaves a server that uses Vite, and a framework on it, to others', () => {
    const files = { 'index.html': '', 'vite.config.ts': '' };
    expect(found({ dependencies: { express: '5' }, devDependencies: { vite: '7' }, scripts: { start: 'node server.js' } }, files).id).toBe('node');
    expect(found({ devDependencies: { vite: '7', '@react-router/dev': '8' } }, { ...files, 'react-router.config.ts': '' }).id).toBe('react-router');
  });
});

describe('React Router and Remix', () => {
  it('serves files only where there is no server', () => {
    const config = (text: string) =>
      found({ devDependencies: { '@react-router/dev': '8' }, scripts: { start: 'react-router dev' } }, { 'react-router.config.ts': text });
    expect(config('export default { ssr: false, basename: "/admin" }').plan).toMatchObject({
      kind: 'static',
      output: 'build/client',
      publicPath: '/admin/',
      buildEnv: { NODE_OPTIONS: '--dns-result-order=ipv4first' },
    });
    expect(config('// ssr: false\nexport default { buildDirectory: "out" }').plan).toMatchObject({
      command: ['sh', '-c', 'exec react-router-serve ./out/server/index.js'],
      port: 3000,
    });
    expect(config('// ssr: false').plan.buildEnv).toBeUndefined();
    expect(config('export default { prerender: ["/"] }').plan.buildEnv).toEqual({ NODE_OPTIONS: '--dns-result-order=ipv4first' });
  });

  it("starts the project's own server", () =>
    expect(
      found(
        { devDependencies: { '@react-router/dev': '8' }, scripts: { start: 'cross-env NODE_ENV=production node build/server/main.js' } },
        { 'vite.config.ts': "import { reactRouter } from '@react-router/dev/vite'" },
      ).plan,
    ).toMatchObject({ command: ['node', 'build/server/main.js'] }));

  it('knows both compilers of Remix 2', () => {
    const remix = (files: Record<string, string>) =>
      found({ devDependencies: { '@remix-run/dev': '2' }, scripts: { build: 'remix vite:build' } }, files);
    const plugin = "import { vitePlugin as remix } from '@remix-run/dev'; export default { plugins: [remix(";
    expect(remix({ 'remix.config.js': '' }).plan).toMatchObject({ command: ['sh', '-c', 'exec remix-serve ./build/index.js'] });
    expect(remix({ 'vite.config.ts': `${plugin})] }` }).plan).toMatchObject({ command: ['sh', '-c', 'exec remix-serve ./build/server/index.js'] });
    expect(remix({ 'vite.config.ts': `${plugin}{ ssr: false })] }` }).plan).toMatchObject({ kind: 'static', output: 'build/client' });
  });
});

describe('Nuxt, Nitro and TanStack Start', () => {
  const output = { kind: 'server', command: ['node', '.output/server/index.mjs'], contents: [{ from: '.output', to: 'apps/web/.output' }] };

  it('runs what Nitro built, which holds all it needs', () => {
    expect(found({ dependencies: { nuxt: '4' } }, { 'nuxt.config.ts': '' })).toMatchObject({ id: 'nuxt', plan: output });
    expect(found({ devDependencies: { nitropack: '2' } }, { 'nitro.config.ts': '' })).toMatchObject({ id: 'nitro', plan: output });
    expect(found({ devDependencies: { nitro: '3' } }, { 'vite.config.ts': 'plugins: [nitro()]', 'index.html': '' })).toMatchObject({
      id: 'nitro',
      plan: output,
    });
  });

  it('says that another host is built for', () =>
    expect(found({ devDependencies: { nitro: '3' } }, { 'nitro.config.ts': "export default { preset: 'vercel' }" }).plan).toMatchObject({
      diagnostics: [{ code: 'built-for-a-host' }],
    }));

  it('serves a generated site of Nuxt', () =>
    expect(found({ dependencies: { nuxt: '4' }, scripts: { build: 'nuxt generate' } }, { 'nuxt.config.ts': '' }).plan).toMatchObject({
      kind: 'static',
      output: '.output/public',
    }));

  it('runs TanStack Start by Nitro, as files, or as its script says', () => {
    const start = (config: string) =>
      found(
        { dependencies: { '@tanstack/react-start': '1' }, devDependencies: { nitro: '3' }, scripts: { start: 'node server.js' } },
        { 'vite.config.ts': `import { tanstackStart } from '@tanstack/react-start/plugin/vite';\n${config}` },
      );
    expect(start('plugins: [tanstackStart(), nitro()]')).toMatchObject({ id: 'tanstack-start', plan: output });
    expect(start('plugins: [tanstackStart({ spa: { enabled: true } })]').plan).toMatchObject({
      kind: 'static',
      fallback: '_shell.html',
      buildEnv: { NODE_OPTIONS: '--dns-result-order=ipv4first' },
    });
    expect(start('plugins: [tanstackStart()] // nitro()').plan).toMatchObject({ command: ['node', 'server.js'] });
  });
});

describe('Astro and SvelteKit', () => {
  it('believes the config about an adapter, not the manifest', () => {
    const manifest = { dependencies: { astro: '7', '@astrojs/node': '11' } };
    expect(found(manifest, { 'astro.config.mjs': 'export default {}' }).plan).toMatchObject({ kind: 'static', fallback: undefined });
    const host = "import host from '@astrojs/vercel/serverless'; export default { adapter: host() }";
    expect(found(manifest, { 'astro.config.mjs': host }).plan).toMatchObject({ diagnostics: [{ code: 'built-for-a-host' }] });
    const node = (mode: string) => `import node from '@astrojs/node'; export default { adapter: node({ mode: '${mode}' }) }`;
    expect(found(manifest, { 'astro.config.mjs': node('standalone') }).plan).toMatchObject({
      command: ['node', 'dist/server/entry.mjs'],
      port: 4321,
    });
    expect(found({ ...manifest, scripts: { start: 'node server.mjs' } }, { 'astro.config.ts': node('middleware') }).plan).toMatchObject({
      command: ['node', 'server.mjs'],
    });
  });

  it('finds the adapter of SvelteKit in either config', () => {
    const devDependencies = { '@sveltejs/kit': '2', '@sveltejs/adapter-node': '5', '@sveltejs/adapter-static': '3' };
    const node = "import adapter from '@sveltejs/adapter-node'; adapter({ out: 'dist' })";
    expect(found({ devDependencies }, { 'svelte.config.js': node, 'vite.config.ts': 'sveltekit()' }).plan).toMatchObject({
      command: ['node', 'dist'],
    });
    expect(found({ devDependencies }, { 'svelte.config.js': '', 'vite.config.ts': node }).plan).toMatchObject({ command: ['node', 'dist'] });
    const files = "import adapter from '@sveltejs/adapter-static'; adapter({ fallback: '200.html' })";
    expect(found({ devDependencies }, { 'svelte.config.js': files }).plan).toMatchObject({ kind: 'static', output: 'build', fallback: '200.html' });
  });

  it('installs nothing for a SvelteKit server without dependencies, and says where it has no adapter', () => {
    const node = { 'svelte.config.js': "import adapter from '@sveltejs/adapter-node'" };
    const devDependencies = { '@sveltejs/kit': '2' };
    expect(found({ devDependencies }, node).plan).toMatchObject({ contents: [{ from: 'build', to: 'apps/web/build' }, { from: 'package.json' }] });
    expect(found({ devDependencies, dependencies: { ms: '2' } }, node).plan).toMatchObject({ contents: undefined });
    const auto = { 'svelte.config.js': "import adapter from '@sveltejs/adapter-auto'" };
    expect(found({ devDependencies }, auto).plan).toMatchObject({ diagnostics: [{ code: 'no-adapter' }] });
    expect(found({ devDependencies }, auto, { shared: true }).reason).toBeUndefined();
  });
});

describe('Angular', () => {
  const angular = (options: object, builder = '@angular/build:application') =>
    found(
      { scripts: { build: 'ng build' } },
      {
        'angular.json': `// of the CLI\n${JSON.stringify({ projects: { lib: { projectType: 'library' }, shop: { projectType: 'application', architect: { build: { builder, options } } } } })}`,
      },
    ).plan;

  it.each([
    [{}, '@angular/build:application', 'dist/shop/browser'],
    [{ outputPath: 'out/' }, '@angular/build:application', 'out/browser'],
    [{ outputPath: { base: 'out', browser: '' } }, '@angular/build:application', 'out'],
    [{ outputPath: 'dist/shop' }, '@angular-devkit/build-angular:browser', 'dist/shop'],
    [{ outputMode: 'static', ssr: { entry: 'x' } }, '@angular/build:application', 'dist/shop/browser'],
  ])('%j by %s is served from %s', (options, builder, output) => expect(angular(options, builder)).toMatchObject({ kind: 'static', output }));

  it.each([{ ssr: { entry: 'src/server.ts' } }, { outputMode: 'server', ssr: true }])('%j has a server', (options) =>
    expect(angular(options)).toMatchObject({ command: ['node', 'dist/shop/server/server.mjs'], port: 4000 }),
  );
});

describe('documentation and Storybook', () => {
  it('finds the site that a script builds in a folder', () =>
    expect(
      found(
        { scripts: { build: 'tsup', 'docs:build': 'vitepress build docs' } },
        { 'docs/.vitepress/config.mts': "export default { base: '/handbook/' }" },
      ),
    ).toMatchObject({ id: 'vitepress', plan: { build: 'docs:build', output: 'docs/.vitepress/dist', publicPath: '/handbook/' } }));

  it('serves Docusaurus under its base', () =>
    expect(found({ dependencies: { '@docusaurus/core': '3' } }, { 'docusaurus.config.ts': "export default { baseUrl: '/docs/' }" })).toMatchObject({
      id: 'docusaurus',
      plan: { output: 'build', publicPath: '/docs/' },
    }));

  it('serves what Create React App builds, where no program of its own does', () => {
    const manifest = { scripts: { start: 'react-scripts start', build: 'react-scripts build' }, dependencies: { 'react-scripts': '5.0.1' } };
    expect(found(manifest)).toMatchObject({
      id: 'create-react-app',
      plan: { build: 'build', output: 'build', publicPath: '/', fallback: 'index.html', caches: ['node_modules/.cache'] },
    });
    const told = {
      ...manifest,
      homepage: 'https://example.com/app',
      scripts: { start: 'craco start', build: 'cross-env BUILD_PATH=./out craco build' },
    };
    expect(found(told).plan).toMatchObject({ output: './out', publicPath: '/app/' });
    expect(found({ ...manifest, scripts: { ...manifest.scripts, start: 'node server.js' } }).id).toBe('node');
    expect(found({ ...manifest, scripts: {} }).id).not.toBe('create-react-app');
  });

  it('builds a Storybook by its own script, beside an app only where the config asks', () => {
    const scripts = { build: 'vite build', 'build-storybook': 'storybook build -o pages' };
    const files = { '.storybook/main.ts': '' };
    expect(found({ scripts }, files, { shared: true })).toMatchObject({ id: 'node', reason: undefined });
    expect(found({ scripts }, files)).toMatchObject({ id: 'storybook', plan: { build: 'build-storybook', output: 'pages' } });
    expect(found({ scripts: { ...scripts, start: 'node server.js' } }, files).id).toBe('node');
    const app = { ...files, 'index.html': '', 'vite.config.ts': '' };
    expect(found({ scripts }, app).id).toBe('vite');
    expect(found({ scripts }, app, { config: { preset: 'storybook' } })).toMatchObject({ id: 'storybook', plan: { build: 'build-storybook' } });
  });

  it('serves any folder that the config names', () =>
    expect(found({}, {}, { config: { preset: 'static', output: 'site' } }).plan).toMatchObject({ kind: 'static', output: 'site' }));
});
