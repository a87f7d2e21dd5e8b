import { posix } from 'node:path';
import { isNxApplication, nxBuild } from '../../nx/build.ts';
import { inApp } from '../facts.ts';
import type { AppFacts, Preset } from '../preset.ts';
import { serverPlan } from '../server-plan.ts';

/**
 * An application that a target of Nx builds: a front end where it has an `index.html`, else a program for Node, started by the file that its
 * build makes of `main`. Angular with a server is the program that its build bundles.
 */
export const nx: Preset = {
  id: 'nx',
  detect({ importer, files }) {
    return isNxApplication(importer, files) ? 'an application that Nx builds' : undefined;
  },
  plan(app) {
    const { importer, files, config } = app;
    const build = nxBuild(importer, files, config);
    const fromApp = (path: string): string => posix.relative(importer.id, path) || '.';
    const output = build === undefined ? 'dist' : fromApp(build.output);
    if (build?.angular?.server !== undefined) {
      const server = posix.join(output, posix.relative(build.angular.base, build.angular.server));
      return serverPlan(app, { command: ['node', server], port: 4000, contents: [{ from: output, to: build.output }] });
    }
    if (isFrontEnd(app)) {
      return { kind: 'static', output, publicPath: config.publicPath ?? '/', fallback: build?.angular?.fallback ?? 'index.html', hashed: [] };
    }
    const words = ['node', posix.join(output, build?.main ?? 'main.js')];
    // what Nx's generators write listens on localhost where nothing tells it otherwise, as their Dockerfiles do
    return serverPlan(app, { command: words, port: 3000, env: { HOST: '0.0.0.0' } });
  },
};

function isFrontEnd(app: AppFacts): boolean {
  return ['index.html', 'src/index.html'].some((page) => app.files.get(inApp(app, page)) !== undefined);
}
