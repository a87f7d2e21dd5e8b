import { intersects, satisfies } from 'semver';
import { inApp } from './facts.ts';
import type { AppFacts } from './preset.ts';

/** Majors with long-term support that base images exist for, the one to prefer first. */
const majors = [24, 22, 20];

/**
 * The Node major of an image: the config's, else that of `.nvmrc` or `.node-version` (app, then root), volta, `devEngines.runtime`,
 * else the newest with long-term support that `engines.node` of app and root allow.
 */
export function nodeMajor(app: AppFacts): number {
  if (app.config.node !== undefined) return app.config.node;
  const { importer, root, files } = app;
  const named = [
    ...[inApp(app, '.nvmrc'), inApp(app, '.node-version'), '.nvmrc', '.node-version'].map((path) => files.read(path)),
    ...[importer, root].flatMap(({ manifest }) => [voltaOf(manifest.volta), runtimeOf(manifest.devEngines)]),
  ];
  for (const text of named) {
    const major = /^\s*v?(\d+)(?:\.|\s|$)/.exec(text ?? '')?.[1];
    if (major !== undefined) return Number(major);
  }
  const ranges = [importer, root].flatMap(({ manifest }) => (manifest.engines as { node?: string } | undefined)?.node ?? []);
  return majors.find((major) => ranges.every((range) => allows(range, major))) ?? majors[0] ?? 24;
}

function allows(range: string, major: number): boolean {
  try {
    return satisfies(`${major}.999.0`, range) || intersects(range, `${major}.x`);
  } catch {
    return true; // no range at all, such as a word: it forbids nothing
  }
}

function voltaOf(volta: unknown): string | undefined {
  return (volta as { node?: string } | undefined)?.node;
}

function runtimeOf(devEngines: unknown): string | undefined {
  const runtime = [(devEngines as { runtime?: unknown } | undefined)?.runtime].flat()[0] as { name?: string; version?: string } | undefined;
  return runtime?.name === 'node' ? runtime.version?.replace(/^[\^~]/, '') : undefined;
}
