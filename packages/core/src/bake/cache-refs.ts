import { createHash } from 'node:crypto';

/** Branches that matter for a cache: the one that is built, and those whose caches a build may start from. */
export interface Branches {
  /** Undefined where no branch is checked out and no CI names one. */
  readonly current: string | undefined;
  /** The branch that a merge request targets, the default branch. */
  readonly bases: readonly string[];
}

export interface CacheOptions {
  readonly 'cache-from': readonly string[];
  readonly 'cache-to': readonly string[];
}

/** Kinds of cache whose place is a name: the option that names it, and whether builds must be told apart by their branch. */
const named: Readonly<Record<string, { readonly option: string; readonly perBranch: boolean }>> = {
  gha: { option: 'scope', perBranch: false }, // GitHub keeps the branches apart, and lets each read the default branch's
  s3: { option: 'name', perBranch: true },
  azblob: { option: 'name', perBranch: true },
};

/**
 * Where a target's cache is read from and written to. An export replaces what was there (the last writer wins), so each app and branch
 * has a place of its own, and reads from its base branches' too.
 * @param spec a registry reference, or what `--cache-to` of buildx takes: `type=gha`, `type=registry,ref=...`
 */
export function cacheOptions(spec: string, app: string, platforms: readonly string[], { current, bases }: Branches): CacheOptions {
  const options = parse(spec);
  const scope = [app, ...(platforms.length === 0 ? [] : [tagPart(platforms.map((each) => each.replace('linux/', '')).join('_'))])].join('-');
  const read = [...new Set([current, ...bases])].map((branch) => (branch === undefined ? scope : `${scope}-${tagPart(branch)}`));
  const [write = scope] = read;
  const { type = 'registry', mode = 'max', ...rest } = options;
  const to = (more: Readonly<Record<string, string>>): string => print({ type, ...more, mode });
  const from = ({ 'ignore-error': _, ...more }: Readonly<Record<string, string>>): string => print({ type, ...more });

  if (type === 'registry') {
    const { ref = '', ...others } = rest;
    const place = (each: string): string => (/:[^/]*$/.test(ref) ? `${ref}-${each}` : `${ref}:${each}`);
    return { 'cache-from': read.map((each) => from({ ref: place(each) })), 'cache-to': [to({ ref: place(write), ...others })] };
  }
  if (type === 'local') {
    const { src, dest = src ?? '', ...others } = rest;
    const base = src ?? dest;
    return { 'cache-from': read.map((each) => from({ src: `${base}/${each}` })), 'cache-to': [to({ dest: `${dest}/${write}`, ...others })] };
  }
  const place = named[type];
  if (place === undefined) return { 'cache-from': [], 'cache-to': [print({ type, ...rest })] }; // inline: the image is its own cache
  const { [place.option]: prefix, ...others } = rest;
  const name = (each: string): string => (prefix === undefined ? each : `${prefix}-${each}`);
  const reads = place.perBranch ? read : [scope];
  const writes = place.perBranch ? write : scope;
  return {
    'cache-from': reads.map((each) => from({ ...others, [place.option]: name(each) })),
    'cache-to': [to({ ...others, [place.option]: name(writes) })],
  };
}

/** Part of an image's tag: what a tag cannot hold is replaced, and told apart by a few digits of its hash. */
function tagPart(text: string): string {
  const part = text.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 50);
  return part === text ? part : `${part}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

function parse(spec: string): Record<string, string> {
  if (!/(^|,)type=/.test(spec)) return { ref: spec };
  return Object.fromEntries(
    spec.split(',').map((part) => {
      const at = part.indexOf('=');
      return at === -1 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
    }),
  );
}

function print(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
