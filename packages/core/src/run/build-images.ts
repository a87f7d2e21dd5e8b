import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderBakeFile } from '../bake/definition.ts';
import { repositoryOf } from '../bake/image-reference.ts';
import { bakeFile, type PlannedTarget } from '../bake/plan-targets.ts';
import type { PackPlan, Workspace } from '../model.ts';
import { writePlan } from '../write/write-plan.ts';
import { removeOldBuilds } from './cache-folder.ts';
import { dockerFailure, runDocker } from './docker.ts';
import { findLoaded, tagLoaded } from './loaded-images.ts';
import { defaultPlatform } from './platforms.ts';
import { findPublished, tagPublished } from './published-images.ts';

export interface BuildOptions {
  readonly workspace: Workspace;
  /** Their contexts are absolute: the folders that the plans are written to. */
  readonly targets: readonly PlannedTarget<PackPlan>[];
  /** Pushes the images, under their identity's tags too, instead of loading them into the engine. */
  readonly push: boolean;
  readonly builder: string | undefined;
  /** Further words for `docker buildx bake`. */
  readonly extra: readonly string[];
  /** Called with each line that buildx prints. */
  readonly onLine: (line: string) => void;
  /** Ends the build where it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

export interface BuiltImage extends PlannedTarget {
  /** Undefined where buildx told none, as for an output that is no image. */
  readonly digest: string | undefined;
  /** What to deploy: `repository@digest` of a pushed image, else the first tag. */
  readonly ref: string;
  /** An image of this identity was there: it was tagged, and nothing built. */
  readonly reused: boolean;
}

/**
 * Builds images with one `docker buildx bake`. An image whose identity is there already, in the registry that is pushed to or else in
 * the engine, only gets its tags; where buildx is told to pull, to leave the cache alone or to write elsewhere, all are built.
 * @throws StowageError ToolMissing without docker; ToolFailed with buildx's own last words
 */
export async function buildImages(options: BuildOptions): Promise<BuiltImage[]> {
  const { workspace, targets, push, extra, signal } = options;
  const asked = extra.some((word) => /^--(check|call|print)(=|$)/.test(word)) || targets.some(isAsked);
  const there = asked ? new Map<PlannedTarget, string>() : await (push ? reusePublished(options) : reuseLoaded(options));
  const missing = targets.filter((target) => !there.has(target));
  for (const { plan, target } of missing) {
    signal?.throwIfAborted();
    await writePlan(plan, workspace, target.context);
  }
  await removeOldBuilds();
  const built = missing.length === 0 ? {} : await bake(missing, options);
  return targets.map((planned) => {
    const digest = there.get(planned) ?? built[planned.name]?.['containerimage.digest'];
    const [tag = planned.name] = planned.tags;
    return {
      ...planned,
      digest,
      ref: push && digest !== undefined ? `${repositoryOf(tag)}@${digest}` : tag,
      reused: there.has(planned),
    };
  });
}

/** Whether a build is wanted for its own sake. */
function isAsked({ target }: PlannedTarget): boolean {
  return target.pull === true || target['no-cache'] === true || target['no-cache-filter'] !== undefined || target.output !== undefined;
}

/** Digests of images that a registry has; the missing tags are added to them. */
async function reusePublished({ targets, builder, signal }: BuildOptions): Promise<Map<PlannedTarget, string>> {
  const access = { builder, signal };
  const found = new Map<PlannedTarget, string>();
  const native = targets.some(({ target }) => target.platforms === undefined) ? await defaultPlatform(builder, signal) : undefined;
  await together(targets, async (planned) => {
    const { identityTags, identity, tags, target } = planned;
    const wanted = target.platforms ?? (native === undefined ? undefined : [native]);
    if (wanted === undefined) return;
    for (const reference of identityTags) {
      const digest = await findPublished(reference, identity, wanted, access);
      if (digest === undefined) continue;
      await tagPublished(`${repositoryOf(reference)}@${digest}`, [...new Set([...tags, ...identityTags])], access);
      found.set(planned, digest);
      return;
    }
  });
  return found;
}

/** A registry is asked about so many images at a time. */
const atOnce = 6;

async function together<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const workers = Array.from({ length: atOnce }, async () => {
    for (const item of waiting) await work(item);
  });
  await Promise.all(workers);
}

/** Ids of images that the engine has; they are tagged. */
async function reuseLoaded({ targets, builder, signal }: BuildOptions): Promise<Map<PlannedTarget, string>> {
  const platforms = targets[0]?.target.platforms ?? [await defaultPlatform(builder, signal)];
  const [platform] = platforms;
  if (platform === undefined || platforms.length > 1) return new Map();
  const ids = await findLoaded(
    targets.map(({ identity }) => identity),
    platform,
    signal,
  );
  const found = new Map<PlannedTarget, string>();
  for (const planned of targets) {
    const id = ids.get(planned.identity);
    if (id === undefined) continue;
    await tagLoaded(id, planned.tags, signal);
    found.set(planned, id);
  }
  return found;
}

type Metadata = Readonly<Record<string, { readonly 'containerimage.digest'?: string }>>;

async function bake(targets: readonly PlannedTarget[], options: BuildOptions): Promise<Metadata> {
  const { push, onLine, signal, extra } = options;
  const folder = await mkdtemp(join(tmpdir(), 'stowage-build-'));
  try {
    const metadata = join(folder, 'metadata.json');
    const result = await runDocker({
      words: bakeWords(targets, options, metadata),
      input: renderBakeFile(bakeFile(targets.map((planned) => (push ? withIdentityTags(planned) : planned)))),
      // the file is ours, and what it reads was named by the user: `docker buildx build` would not ask either
      environment: { BUILDX_BAKE_ENTITLEMENTS_FS: '0' },
      onLine,
      signal,
    });
    if (result.status !== 0) throw dockerFailure('docker buildx bake', result, foldersHint(targets));
    const text = await readFile(flagValue(extra, '--metadata-file') ?? metadata, 'utf8').catch(() => '{}');
    return JSON.parse(text);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A result that nothing names where to put is loaded into the engine. */
function bakeWords(targets: readonly PlannedTarget[], { push, builder, extra }: BuildOptions, metadata: string): string[] {
  const placed = extra.some((word) => /^--(load|push)(=|$)/.test(word)) || targets.some(({ target }) => target.output !== undefined);
  return [
    ...['buildx', 'bake', '--file=-', '--progress=plain', `--metadata-file=${metadata}`],
    ...(builder === undefined ? [] : [`--builder=${builder}`]),
    ...(push ? ['--push'] : placed ? [] : ['--load']),
    ...(targets.some(({ target }) => target.ssh !== undefined) ? ['--allow=ssh'] : []),
    ...extra,
  ];
}

function withIdentityTags(planned: PlannedTarget): PlannedTarget {
  return { ...planned, target: { ...planned.target, tags: [...new Set([...planned.tags, ...planned.identityTags])] } };
}

function foldersHint(targets: readonly PlannedTarget[]): string {
  return targets
    .map(({ name, target }) => `The folder of ${name} is ${target.context}: \`docker buildx build ${target.context}\` shows it again.`)
    .join('\n');
}

/** `--name=value` or `--name value`; the last one counts. */
function flagValue(words: readonly string[], name: string): string | undefined {
  const at = words.findLastIndex((word) => word === name || word.startsWith(`${name}=`));
  return words[at] === name ? words[at + 1] : words[at]?.slice(name.length + 1);
}
