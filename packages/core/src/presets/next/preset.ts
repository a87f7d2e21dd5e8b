import { buildScript, configFile, inApp, literalOf, publicPathOf, scriptThatRuns, uses } from '../facts.ts';
import type { AppFacts, AppPlan, Preset, ServerPlan } from '../preset.ts';
import { serverPlan, startScript } from '../server-plan.ts';
import type { StartCommand } from '../start-command.ts';
import { type OutputMode, outputMode } from './output-mode.ts';

/** Next.js: its standalone server, an exported site, or `next start` on the production dependencies. */
export const next: Preset = {
  id: 'next',
  detect(app) {
    const config = configFile(app, 'next.config');
    if (!uses(app, 'next') || (config === undefined && scriptThatRuns(app, /\bnext build\b/) === undefined)) return undefined;
    const { mode, env } = outputMode(config?.code);
    const how = { server: 'next start', standalone: "output: 'standalone'", export: "output: 'export'" }[mode];
    const named = Object.keys(env);
    return [config?.name ?? 'a script that runs next build', how + (named.length === 0 ? '' : ` by ${named.join(', ')}`)].join(', ');
  },
  plan(app) {
    const code = configFile(app, 'next.config')?.code;
    const found = outputMode(code);
    const buildEnv = { NEXT_TELEMETRY_DISABLED: '1', ...found.env };
    const dist = literalOf(code, 'distDir') ?? '.next';
    return { build: buildScript(app, /\bnext build\b/), buildEnv, caches: [`${dist}/cache`], ...plans[found.mode](app, dist, code) };
  },
};

const plans: Record<OutputMode, (app: AppFacts, dist: string, code: string | undefined) => AppPlan> = {
  /** Next keeps the path from the folder that it traces from, the workspace's root unless told otherwise; two folders it leaves out. */
  standalone: (app, dist, code) => {
    const tracedFromApp = /outputFileTracingRoot\s*:\s*(__dirname|import\.meta\.dirname)\b/.test(code ?? '');
    return {
      ...server(app, { words: ['node', 'server.js'], env: {} }, dist),
      contents: [
        { from: `${dist}/standalone`, to: tracedFromApp ? app.importer.id : '.' },
        { from: `${dist}/static`, to: `${app.importer.id}/${dist}/static` },
        { from: 'public', to: `${app.importer.id}/public`, optional: true },
      ],
    };
  },
  export: (app, dist, code) => ({
    kind: 'static',
    output: app.config.output ?? (dist === '.next' ? 'out' : dist),
    publicPath: publicPathOf(app.config.publicPath ?? literalOf(code, 'basePath')),
    fallback: undefined,
    hashed: ['_next/static/'],
  }),
  server: (app, dist) => ({
    ...server(app, startScript(app, /\bnext (start|dev)\b/) ?? { words: ['sh', '-c', 'exec next start'], env: {} }, dist),
    reads: ['/next.config.*'],
    diagnostics: [
      {
        level: 'info',
        code: 'next-not-standalone',
        message: `${app.importer.name} runs by next start, with all its production dependencies.`,
        file: inApp(app, configFile(app, 'next.config')?.name ?? 'package.json'),
        hint: "output: 'standalone' in next.config makes a smaller image: it holds what the build found to be needed.",
      },
    ],
  }),
};

function server(app: AppFacts, { words, env }: StartCommand, dist: string): ServerPlan {
  const own = { HOSTNAME: '0.0.0.0', NEXT_TELEMETRY_DISABLED: '1', ...env };
  return serverPlan(app, { command: words, port: 3000, env: own, writable: [dist] });
}
