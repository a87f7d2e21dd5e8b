import { buildScript, configFile, inApp, literalOf, publicPathOf, uses } from '../facts.ts';
import type { AppFacts, Preset } from '../preset.ts';
import { serverPlan } from '../server-plan.ts';

/** SvelteKit, by the adapter that its config uses: a server for Node, or a site of files. */
export const sveltekit: Preset = {
  id: 'sveltekit',
  detect(app) {
    if (!uses(app, '@sveltejs/kit')) return undefined;
    const { config, adapter } = configured(app);
    if (config === undefined || (app.shared && adapter === undefined)) return undefined;
    return `${config.name}, ${adapter === undefined ? 'no adapter for an image' : `adapter-${adapter}`}`;
  },
  plan(app) {
    const { config, adapter } = configured(app);
    const build = buildScript(app, /\bvite build\b/);
    if (adapter === 'static') {
      return {
        kind: 'static',
        build,
        output: app.config.output ?? literalOf(config?.code, 'pages') ?? 'build',
        publicPath: publicPathOf(app.config.publicPath ?? literalOf(config?.code, 'base')),
        fallback: literalOf(config?.code, 'fallback'),
        hashed: ['_app/immutable/'],
      };
    }
    const out = literalOf(config?.code, 'out') ?? 'build';
    // What is a devDependency is bundled; without any other the build is all.
    const bundled = Object.keys(app.importer.manifest.dependencies ?? {}).length === 0;
    const { id } = app.importer;
    return serverPlan(app, {
      build,
      command: ['node', out],
      port: 3000,
      env: { HOST: '0.0.0.0' },
      contents: bundled ? [out, 'package.json'].map((path) => ({ from: path, to: `${id}/${path}` })) : undefined,
      diagnostics: adapter === 'node' ? [] : [noAdapter(app, config?.name ?? 'package.json')],
    });
  },
};

/** The adapter that a config imports; it stands in `vite.config` from kit 3 on. One that is installed but not imported does nothing. */
function configured(app: AppFacts) {
  const configs = ['svelte.config', 'vite.config'].flatMap((stem) => configFile(app, stem) ?? []);
  const config = configs.find(({ code }) => /@sveltejs\/adapter-|adapter-\w+['"]/.test(code)) ?? configs[0];
  const adapter = /['"]@sveltejs\/adapter-(node|static)['"]/.exec(config?.code ?? '')?.[1];
  return { config, adapter };
}

function noAdapter(app: AppFacts, name: string) {
  return {
    level: 'warning' as const,
    code: 'no-adapter',
    message: `${app.importer.name} uses neither @sveltejs/adapter-node nor @sveltejs/adapter-static: its build makes nothing that an image can run.`,
    file: inApp(app, name),
    hint: 'adapter-auto chooses by the host that builds, and a container is none: name adapter-node in the config.',
  };
}
