import { execFile, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { setDefaultAutoSelectFamily } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Node 20 may never tell `fetch` of a refused connection while it tries several addresses, and ends with status 13: a container refuses until it listens.
setDefaultAutoSelectFamily(false);

/** Makes a Dockerfile one that no earlier run has built, so that only what this run builds is in the engine's cache. */
export function asOfThisRun(dockerfile: string): string {
  return dockerfile.replace(/^WORKDIR \/app$/gm, (line) => `${line}\nENV TEST_RUN=${thisRun}`);
}

const thisRun = randomUUID();

/** One step of BuildKit's own record. */
export interface Step {
  readonly digest: string;
  readonly inputs: readonly string[];
  readonly name: string;
  /** Stage and instruction of a Dockerfile's step. */
  readonly stage: string | undefined;
  readonly instruction: string | undefined;
  readonly cached: boolean;
  /** What it printed. */
  readonly output: string;
}

/** Builds a packed folder, its stages made those of this run. */
export async function buildPacked(folder: string, tag: string, ...extra: string[]): Promise<Step[]> {
  const file = join(folder, 'Dockerfile');
  writeFileSync(file, asOfThisRun(readFileSync(file, 'utf8')));
  return build(folder, tag, ...extra);
}

/** Builds a packed folder; the images that it was built from and their digests, by BuildKit's provenance of the build. */
export async function buildFromImages(folder: string, tag: string): Promise<ReadonlyMap<string, string>> {
  const file = join(folder, 'provenance.json');
  await buildPacked(folder, tag, `--metadata-file=${file}`);
  const materials: { uri: string; digest: { sha256: string } }[] = JSON.parse(readFileSync(file, 'utf8'))['buildx.build.provenance'].materials;
  const nameOf = (uri: string): string => decodeURIComponent(uri.replace(/^pkg:docker\//, '').replace(/\?.*$/, '')).replace(/@([^@]*)$/, ':$1');
  return new Map(materials.map(({ uri, digest }) => [nameOf(uri), `sha256:${digest.sha256}`]));
}

/** Builds a folder and returns BuildKit's record of it (`--progress=rawjson`). */
export async function build(folder: string, tag: string, ...extra: string[]): Promise<Step[]> {
  return recordOf('--load', `--tag=${tag}`, ...extra, folder);
}

/** BuildKit's record of a `docker buildx build`. */
export async function recordOf(...words: string[]): Promise<Step[]> {
  const args = ['buildx', 'build', '--progress=rawjson', ...words];
  const { stderr } = await run('docker', args, { maxBuffer: 1 << 28 }).catch((error) => {
    throw new Error(`docker ${args.join(' ')}\n${readable(String(error.stderr))}`);
  });
  return parseRecord(stderr);
}

interface Vertex {
  readonly digest: string;
  readonly inputs?: readonly string[];
  readonly name: string;
  readonly cached?: boolean;
}

function records(text: string): { vertexes?: Vertex[]; logs?: { vertex: string; data: string }[] }[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

export function parseRecord(text: string): Step[] {
  const steps = new Map<string, Step>();
  const printed = new Map<string, string>();
  for (const { vertexes = [], logs = [] } of records(text)) {
    for (const { vertex, data } of logs) printed.set(vertex, (printed.get(vertex) ?? '') + Buffer.from(data, 'base64').toString('utf8'));
    for (const { digest, inputs = [], name, cached = false } of vertexes) {
      const match = /^\[(?:linux\/\S+ )?(\S+)\s+\d+\/\d+\] (.*)/s.exec(name);
      const known = cached || (steps.get(digest)?.cached ?? false);
      steps.set(digest, { digest, inputs, name, stage: match?.[1], instruction: match?.[2], cached: known, output: '' });
    }
  }
  return [...steps.values()].map((step) => ({ ...step, output: printed.get(step.digest) ?? '' }));
}

function readable(text: string): string {
  const logs = records(text).flatMap(({ logs = [] }) => logs.map(({ data }) => Buffer.from(data, 'base64').toString('utf8')));
  const plain = text.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  return [...logs, ...plain].join('\n').slice(-6000);
}

/** Whether each RUN of a stage came from the cache. Undefined where the stage has none. */
export function stageOf(steps: readonly Step[], stage: string): 'cached' | 'ran' | undefined {
  const runs = steps.filter((step) => step.stage === stage && step.instruction?.startsWith('RUN'));
  if (runs.length === 0) return undefined;
  return runs.every(({ cached }) => cached) ? 'cached' : 'ran';
}

/** Whether one step needs another, directly or not. */
export function needs(steps: readonly Step[], step: Step, other: Step): boolean {
  const byDigest = new Map(steps.map((each) => [each.digest, each]));
  const reached = new Set<string>([step.digest]);
  for (const digest of reached) for (const input of byDigest.get(digest)?.inputs ?? []) reached.add(input);
  return step !== other && reached.has(other.digest);
}

/** A running container; ask it, look into it, stop it. */
export class Container {
  readonly id: string;

  private constructor(id: string) {
    this.id = id;
  }

  static start(image: string, port: number, ...options: string[]): Container {
    const publish = `--publish=127.0.0.1::${port}`;
    return new Container(execFileSync('docker', ['run', '--detach', publish, ...options, image], { encoding: 'utf8' }).trim());
  }

  /** One that something else starts, once it runs. */
  static async named(name: string): Promise<Container> {
    for (let attempt = 0; attempt < 240; attempt++) {
      const id = execFileSync('docker', ['ps', '--quiet', '--no-trunc', `--filter=name=^${name}$`], { encoding: 'utf8' }).trim();
      if (id !== '') return new Container(id);
      await setTimeout(500);
    }
    throw new Error(`no container called ${name} runs`);
  }

  /** Where it answers on this machine. */
  get address(): string {
    return `http://${execFileSync('docker', ['port', this.id], { encoding: 'utf8' }).split('\n')[0]?.split(' -> ')[1]}`;
  }

  /** Asks until the container answers, for a minute, as a machine may be busy; its log where it does not. */
  async get(path: string): Promise<Response> {
    const { address } = this;
    // the time limit of a request keeps no process alive: where a refused connection is never told, the process would end
    const awake = setInterval(() => undefined, 1000);
    try {
      for (let attempt = 0; attempt < 240; attempt++) {
        try {
          return await fetch(`${address}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(3000), headers: { connection: 'close' } });
        } catch {
          await setTimeout(250);
        }
      }
    } finally {
      clearInterval(awake);
    }
    throw new Error(`${path} of ${this.id} does not answer:\n${execFileSync('docker', ['logs', this.id], { encoding: 'utf8' })}`);
  }

  exec(...words: string[]): string {
    return execFileSync('docker', ['exec', this.id, ...words], { encoding: 'utf8' });
  }

  inspect(format: string): string {
    return execFileSync('docker', ['inspect', `--format=${format}`, this.id], { encoding: 'utf8' }).trim();
  }

  /** What its healthcheck says, once that is no longer this. */
  async health(unlike = 'starting'): Promise<string> {
    for (let attempt = 0; attempt < 120; attempt++) {
      const health = this.inspect('{{.State.Health.Status}}');
      if (health !== unlike) return health;
      await setTimeout(250);
    }
    return unlike;
  }

  /** Stops it as an orchestrator does; the exit status of its process. */
  stop(): number {
    execFileSync('docker', ['stop', '--timeout=10', this.id]);
    const status = execFileSync('docker', ['inspect', '--format={{.State.ExitCode}}', this.id], { encoding: 'utf8' });
    execFileSync('docker', ['rm', this.id]);
    return Number(status);
  }
}

/** What a one-off command prints in an image. */
export function runIn(image: string, ...words: string[]): string {
  return execFileSync('docker', ['run', '--rm', '--entrypoint=', image, ...words], { encoding: 'utf8' });
}
