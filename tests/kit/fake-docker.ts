import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A `docker` that writes down how it was called, then runs a line of shell. */
export class FakeDocker {
  readonly #folder: string;

  constructor(parent: string, then = 'exit 0') {
    this.#folder = join(parent, 'fake-docker');
    mkdirSync(this.#folder, { recursive: true });
    rmSync(this.#record, { force: true });
    const program = join(this.#folder, 'docker');
    writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > "${this.#record}"\n${then}\n`);
    chmodSync(program, 0o755);
  }

  /** The environment in which `docker` is this one; what Stowage keeps goes into the folder beside it. */
  get env(): { PATH: string; XDG_CACHE_HOME: string } {
    return { PATH: `${this.#folder}${delimiter}${process.env.PATH ?? ''}`, XDG_CACHE_HOME: join(this.#folder, 'cache') };
  }

  /** Words that it was called with; undefined where it was not. */
  get words(): string[] | undefined {
    return existsSync(this.#record) ? readFileSync(this.#record, 'utf8').trimEnd().split('\n') : undefined;
  }

  get #record(): string {
    return join(this.#folder, 'words');
  }
}
