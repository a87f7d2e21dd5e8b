import { spawn } from 'node:child_process';
import { ErrorCode, StowageError } from '../errors.ts';

export interface DockerRun {
  readonly words: readonly string[];
  /** For the standard input. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with each line of both streams. */
  readonly onLine?: (line: string) => void;
  /** Ends the process where it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

export interface DockerResult {
  readonly status: number | null;
  readonly stdout: string;
  /** The last lines of both streams. */
  readonly last: readonly string[];
}

const keptLines = 40;

/**
 * Runs `docker` to its end, whatever its status.
 * @throws StowageError ToolMissing without docker
 */
export async function runDocker({ words, input, environment, onLine, signal }: DockerRun): Promise<DockerResult> {
  const last: string[] = [];
  let stdout = '';
  const take = (line: string): void => {
    last.push(line);
    if (last.length > keptLines) last.shift();
    onLine?.(line);
  };
  const status = await new Promise<number | null>((resolve, reject) => {
    const child = spawn('docker', words, { stdio: 'pipe', signal, env: { ...process.env, ...environment } });
    child.on('error', (cause) => reject(signal?.aborted ? cause : missing(cause)));
    child.stdin.on('error', () => undefined); // a process that ended before it read all of it: its status tells
    child.stdin.end(input ?? '');
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    for (const stream of [child.stdout, child.stderr]) eachLine(stream, take);
    child.on('close', resolve);
  });
  return { status, stdout, last };
}

/** What docker said, as an error of it. */
export function dockerFailure(what: string, { status, last }: DockerResult, otherwise: string): StowageError {
  return new StowageError(ErrorCode.ToolFailed, `${what} failed (status ${status}):\n${last.join('\n')}`, {
    hint: hints.find(([pattern]) => last.some((line) => pattern.test(line)))?.[1] ?? otherwise,
  });
}

/** What to do, by what the last lines say; the first that fits. */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /"rewrite-timestamp" conflicts with "unpack"|unsupported.*rewrite-timestamp/i,
    "The engine's own store cannot set back times: write an archive (`-- --output type=oci,dest=image.tar`), which `docker load` takes, or name a builder of the docker-container driver and push.",
  ],
  [
    /Cannot connect to the Docker daemon|failed to connect to the docker API/i,
    'No Docker engine answers: start it, or name a remote builder with --builder.',
  ],
  [/no builder .* found/i, '`docker buildx ls` shows the builders that there are.'],
  [/no space left on device/i, 'The disk of the engine is full: `docker system df` shows by what, `docker buildx prune` frees the build cache.'],
  [
    /unauthorized|insufficient_scope|denied: |403 Forbidden|401 Unauthorized/i,
    'The registry refuses: `docker login` to it, and may this account push there?',
  ],
  [
    /code = Unavailable|error reading from server|unexpected EOF|connection reset|use of closed network connection|listing workers|http2: /i,
    'The connection to the engine broke. Once it is back, run the same command again: what was built is kept.',
  ],
  [
    /failed to (do|send) request|dial tcp|failed to push|error writing manifest|failed to copy/i,
    'A registry does not answer. Once it does, run the same command again: what was built is kept.',
  ],
];

function missing(cause: unknown): StowageError {
  return new StowageError(ErrorCode.ToolMissing, 'docker cannot be started.', {
    hint: 'Install Docker with buildx, or run `stowage prune` and build the folder elsewhere.',
    cause,
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
