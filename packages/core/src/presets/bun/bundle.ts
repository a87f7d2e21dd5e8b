import { posix } from 'node:path';
import { parseArgs } from 'node:util';

/** What `bun build` makes for Bun to run: a folder that holds all of the program but the packages it was told to leave out. */
export interface BunBundle {
  /** Of the bundle, relative to the app. */
  readonly folder: string;
  /** The built entry, relative to the app. */
  readonly entry: string;
  /** Names of packages that the bundle still imports. */
  readonly externals: readonly string[];
}

const options = {
  target: { type: 'string' },
  outdir: { type: 'string' },
  packages: { type: 'string' },
  external: { type: 'string', multiple: true, short: 'e' },
} as const;

/**
 * Reads a build script that is one `bun build` for Bun, as `bun build --help` (1.3) names its options. Nothing where several entries are
 * built, where every package stays outside (`--packages external`), or where patterns tell which do.
 */
export function bunBundle(script: string | undefined): BunBundle | undefined {
  if (script === undefined || !/^bun build [\w\s@./:=,-]+$/.test(script)) return undefined;
  const { values, positionals } = parseArgs({ args: script.split(/\s+/).slice(2), options, strict: false, allowPositionals: true });
  const { target, outdir, packages, external = [] } = values;
  const [source, ...others] = positionals.filter((word) => /\.[cm]?[jt]sx?$/.test(word));
  if (target !== 'bun' || typeof outdir !== 'string' || packages === 'external' || source === undefined || others.length > 0) return undefined;
  const folder = posix.normalize(outdir).replace(/\/$/, '');
  const name = posix.basename(source).replace(/\.[^.]+$/, '.js');
  return { folder, entry: posix.join(folder, name), externals: [...new Set(external.map(String).map(packageOf))].sort() };
}

/** `react-dom/server` is a part of `react-dom`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
