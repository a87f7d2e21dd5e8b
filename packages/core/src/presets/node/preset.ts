import type { AppFacts, Preset } from '../preset.ts';
import { parseStart } from './start-command.ts';

/** A program for Node: built by its own script or not at all, started as its manifest says. */
export const node: Preset = {
  id: 'node',
  detect({ importer: { manifest }, shared, config }) {
    if (config.start !== undefined) return 'start command of the config';
    if (manifest.scripts?.start !== undefined) return `start script: ${manifest.scripts.start}`;
    return manifest.bin === undefined || shared ? undefined : 'bin';
  },
  plan(app) {
    const { words, env } = startOf(app);
    const serves = app.config.port !== undefined || app.config.start !== undefined || app.importer.manifest.scripts?.start !== undefined;
    const port = app.config.port ?? (serves ? 3000 : undefined);
    return { kind: 'server', command: words, port, env };
  },
};

function startOf({ importer: { manifest }, config }: AppFacts): { words: readonly string[] | undefined; env: Readonly<Record<string, string>> } {
  if (typeof config.start === 'object') return { words: config.start, env: {} };
  const main = typeof manifest.main === 'string' ? manifest.main : undefined;
  const script = config.start ?? manifest.scripts?.start;
  if (script !== undefined) return parseStart(script, main);
  const bin = typeof manifest.bin === 'string' ? manifest.bin : Object.values(manifest.bin ?? {})[0];
  const file = bin ?? main;
  return { words: file === undefined ? undefined : ['node', file], env: {} };
}
