import { spawn } from 'node:child_process';
import { ErrorCode, StowageError } from '../errors.ts';
import type { PlannedSecret } from '../model.ts';
import { secretOptions } from './secrets.ts';

export interface BuildOptions {
  /** The written folder. */
  readonly folder: string;
  readonly tags: readonly string[];
  readonly platforms: readonly string[];
  readonly push: boolean;
  readonly builder: string | undefined;
  /** A cache of BuildKit's, as `--cache-to` and `--cache-from` take it: a registry reference, or `type=...`. */
  readonly cache: string | undefined;
  readonly secrets: readonly PlannedSecret[];
  /** Further words for `docker buildx build`. */
  readonly extra: readonly string[];
  /** Called with each line that buildx prints. */
  readonly onLine: (line: string) => void;
  /** Ends the build where it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Words of the command that builds a folder. A result that nothing names where to put is loaded into the engine. */
export function buildCommand(options: BuildOptions): string[] {
  const { tags, platforms, push, builder, cache, secrets, extra, folder } = options;
  const keeps = push || extra.some((word) => /^(--output|-o|--load|--push)(=|$)/.test(word));
  return [
    ...['docker', 'buildx', 'build', '--progress=plain'],
    ...(builder === undefined ? [] : [`--builder=${builder}`]),
    ...tags.map((tag) => `--tag=${tag}`),
    ...(platforms.length === 0 ? [] : [`--platform=${platforms.join(',')}`]),
    ...(cache === undefined ? [] : cacheOptions(cache)),
    ...(push ? ['--push'] : keeps ? [] : ['--load']),
    ...secretOptions(secrets),
    ...extra,
    folder,
  ];
}

function cacheOptions(cache: string): string[] {
  const spec = cache.includes('type=') ? cache : `type=registry,ref=${cache}`;
  return [`--cache-from=${spec}`, `--cache-to=${spec},mode=max`];
}

/**
 * Builds a written folder with `docker buildx build`.
 * @throws StowageError ToolMissing without docker; ToolFailed with buildx's own last words
 */
export async function buildImage(options: BuildOptions): Promise<void> {
  const [program = '', ...args] = buildCommand(options);
  const last: string[] = [];
  const onLine = (line: string): void => {
    last.push(line);
    if (last.length > 40) last.shift();
    options.onLine(line);
  };
  const status = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], signal: options.signal });
    child.on('error', (cause) =>
      reject(
        new StowageError(ErrorCode.ToolMissing, 'docker cannot be started.', {
          hint: 'Install Docker with buildx, or run `stowage prune` and build the folder elsewhere.',
          cause,
        }),
      ),
    );
    for (const stream of [child.stdout, child.stderr]) eachLine(stream, onLine);
    child.on('close', resolve);
  });
  if (status === 0) return;
  throw new StowageError(ErrorCode.ToolFailed, `docker buildx build failed (status ${status}):\n${last.join('\n')}`, {
    hint: last.some((line) => /Cannot connect to the Docker daemon|failed to connect/.test(line))
      ? 'No Docker engine answers: start it, or name a remote builder with --builder.'
      : `The folder is ${options.folder}: \`docker buildx build ${options.folder}\` shows it again.`,
  });
}

function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
