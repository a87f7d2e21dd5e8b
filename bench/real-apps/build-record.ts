import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseRecord, type Step } from '../../tests/kit/engine.ts';

const execute = promisify(execFile);

export interface Timed {
  readonly seconds: number;
  /** BuildKit's own record of the build; empty where the image was there already. */
  readonly steps: readonly Step[];
}

/** Options of `docker buildx build` for one measured build. */
export interface Measured {
  /** Package-manager stores of builds with one name are one; with a new name they start empty. */
  readonly stores: string;
  /** Layers of earlier builds are not used. */
  readonly cold: boolean;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** Words of `docker buildx build` for one measured build. */
function measuredWords({ stores, cold, buildArgs }: Measured): string[] {
  return [
    `--build-arg=BUILDKIT_CACHE_MOUNT_NS=${stores}`,
    ...Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`),
    ...(cold ? ['--no-cache'] : []),
  ];
}

/** Times the programs that `runWith` starts with these words for buildx, and reads what BuildKit recorded of the build. */
export async function timed(measured: Measured, runWith: (words: readonly string[]) => Promise<void>): Promise<Timed> {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-record-'));
  const file = join(folder, 'metadata.json');
  try {
    const start = performance.now();
    await runWith([`--metadata-file=${file}`, ...measuredWords(measured)]);
    const seconds = (performance.now() - start) / 1000;
    const reference = existsSync(file) ? buildReference(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
    if (reference === undefined) return { seconds, steps: [] };
    const id = reference.split('/').at(-1) ?? '';
    const { stdout, stderr } = await execute('docker', ['buildx', 'history', 'logs', '--progress=rawjson', id], { maxBuffer: 1 << 29 });
    return { seconds, steps: parseRecord(stdout + stderr) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Metadata = Readonly<Record<string, unknown>>;

/** Of a build's metadata, or of the one target of bake's. Nothing where nothing was built, as an image of the same inputs was there. */
function buildReference(metadata: Metadata): string | undefined {
  const own = metadata['buildx.build.ref'];
  if (typeof own === 'string') return own;
  const [target] = Object.values(metadata).filter((value): value is Metadata => typeof value === 'object' && value !== null);
  return target === undefined ? undefined : buildReference(target);
}

/** Runs a program to its end; throws its last words where it fails. */
export async function execQuietly(program: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  await execute(program, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 1 << 29 }).catch((error) => {
    throw new Error(`${program} ${args.join(' ')}\n${String(error.stdout).slice(-3000)}\n${String(error.stderr).slice(-6000)}`);
  });
}

/** Stages of the Dockerfile that ran a command again. */
export function stagesThatRan(steps: readonly Step[]): string[] {
  const ran = steps.filter(({ stage, instruction, cached }) => stage !== undefined && instruction?.startsWith('RUN') && !cached);
  return [...new Set(ran.map(({ stage }) => stage as string))].sort();
}
