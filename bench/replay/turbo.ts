import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { filesAt } from './history.ts';
import { isInstallInput, keyOf } from './keys.ts';

/** Keys of what `turbo prune --docker` puts before the install (`out/json`), by app; the same input is not asked twice. */
export class TurboKeys {
  readonly #repository: string;
  readonly #words: readonly string[];
  readonly #packageManager: string;
  readonly #known = new Map<string, string>();

  /** `packageManager` is written where a manifest names none: turbo asks for it. */
  constructor(repository: string, command: string, packageManager: string) {
    this.#repository = repository;
    this.#words = command.split(' ');
    this.#packageManager = packageManager;
  }

  /** `failed: ...` where turbo does not prune the commit. */
  of(commit: string, app: string): string {
    const inputs = filesAt(this.#repository, commit).filter((file) => isInstallInput(file) || file.path === 'turbo.json');
    const input = `${keyOf(inputs)} ${app}`;
    const known = this.#known.get(input) ?? this.#ask(commit, inputs, app);
    this.#known.set(input, known);
    return known;
  }

  #ask(commit: string, inputs: ReturnType<typeof filesAt>, app: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'stowage-replay-'));
    try {
      for (const { path } of inputs) this.#layOut(folder, path, execFileSync('git', ['-C', this.#repository, 'show', `${commit}:${path}`], buffered));
      this.#complete(folder);
      const [program = 'npx', ...args] = this.#words;
      execFileSync(program, [...args, 'prune', app, '--docker', `--out-dir=${folder}/out`], { cwd: folder, stdio: 'pipe', env: quiet });
      return digest(join(folder, 'out', 'json'));
    } catch (error) {
      return `failed: ${String((error as { stderr?: unknown }).stderr ?? error).slice(0, 200)}`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #layOut(folder: string, path: string, content: Buffer): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }

  #complete(folder: string): void {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (manifest.packageManager === undefined)
      this.#layOut(folder, 'package.json', Buffer.from(JSON.stringify({ ...manifest, packageManager: this.#packageManager })));
    if (!readdirSync(folder).includes('turbo.json')) this.#layOut(folder, 'turbo.json', Buffer.from('{ "tasks": {} }'));
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
  }
}

const buffered = { maxBuffer: 1 << 30 } as const;
const quiet = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };

function digest(folder: string): string {
  const hash = createHash('sha256');
  for (const path of (readdirSync(folder, { recursive: true }) as string[]).sort()) {
    if (statSync(join(folder, path)).isFile())
      hash
        .update(`${path}\0`)
        .update(readFileSync(join(folder, path)))
        .update('\0');
  }
  return hash.digest('hex');
}
