import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { BakeFile } from '../../packages/core/src/bake/definition.ts';

export interface Call {
  readonly words: readonly string[];
  /** What stood on the standard input. */
  readonly input: string;
}

/** What else of docker is asked, by lines of shell: `$*` are the words. */
interface Answers {
  /** Of `docker buildx bake`. */
  readonly bake?: string;
  /** Of any other command; no image is anywhere where it says nothing. */
  readonly other?: string;
}

/** A `docker` that writes down how it was called, then runs a line of shell. */
export class FakeDocker {
  readonly #folder: string;

  constructor(parent: string, { bake = 'exit 0', other = '' }: Answers = {}) {
    this.#folder = join(parent, 'fake-docker');
    rmSync(this.#calls, { force: true, recursive: true });
    mkdirSync(this.#calls, { recursive: true });
    const program = join(this.#folder, 'docker');
    const script = [
      '#!/bin/sh',
      `call="${this.#calls}/$(ls "${this.#calls}" | wc -l)"`,
      'mkdir "$call"',
      'case "$*" in *--file=-*) cat > "$call/input" ;; *) : > "$call/input" ;; esac',
      'printf \'%s\\n\' "$@" > "$call/words"',
      `case "$*" in "buildx bake "*) ${bake} ;; esac`,
      other,
      'case "$*" in "buildx inspect"*) echo "Platforms: linux/amd64*, linux/386" ;; "buildx imagetools inspect"*) echo "ERROR: not found" >&2; exit 1 ;; esac',
    ];
    writeFileSync(program, `${script.join('\n')}\n`);
    chmodSync(program, 0o755);
  }

  /** The environment in which `docker` is this one; what Stowage keeps goes into the folder beside it. */
  get env(): { PATH: string; XDG_CACHE_HOME: string } {
    return { PATH: `${this.#folder}${delimiter}${process.env.PATH ?? ''}`, XDG_CACHE_HOME: join(this.#folder, 'cache') };
  }

  get calls(): Call[] {
    const read = (call: string, file: string) => readFileSync(join(this.#calls, call, file), 'utf8');
    return readdirSync(this.#calls)
      .filter((call) => existsSync(join(this.#calls, call, 'words')))
      .sort((a, b) => Number(a) - Number(b))
      .map((call) => ({ words: read(call, 'words').trimEnd().split('\n'), input: read(call, 'input') }));
  }

  /** Words of calls that start so. */
  called(...words: readonly string[]): string[][] {
    return this.calls.filter((call) => words.every((word, index) => call.words[index] === word)).map((call) => [...call.words]);
  }

  /** What was built last: the words, and the bake file; undefined where nothing was. */
  get built(): { words: readonly string[]; file: Required<BakeFile> } | undefined {
    const call = this.calls.findLast(({ words }) => words[1] === 'bake');
    return call === undefined ? undefined : { words: call.words, file: JSON.parse(call.input) };
  }

  get #calls(): string {
    return join(this.#folder, 'calls');
  }
}
