import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ImportCache } from '../closure/imports/sources.ts';

/**
 * Answers about sources, kept between runs in a folder, with a file for each kind of answer (what a key has before its first colon), read when
 * one is asked for. They are keyed by content: an answer is never stale, only unused.
 */
export class ImportCacheFolder implements ImportCache {
  readonly #folder: string;
  readonly #kinds = new Map<string, Answers>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  get(key: string): unknown {
    return this.#answersFor(key).get(key);
  }

  set(key: string, value: unknown): void {
    this.#answersFor(key).set(key, value);
  }

  /** Writes what is new. A folder that cannot be written is no error. */
  save(): void {
    for (const answers of this.#kinds.values()) answers.save();
  }

  #answersFor(key: string): Answers {
    const kind = key.slice(0, key.indexOf(':'));
    const known = this.#kinds.get(kind) ?? new Answers(join(this.#folder, `${kind}.json`));
    this.#kinds.set(kind, known);
    return known;
  }
}

class Answers {
  readonly #path: string;
  readonly #known: Map<string, unknown>;
  readonly #used = new Set<string>();
  #changed = false;

  constructor(path: string) {
    this.#path = path;
    this.#known = new Map(Object.entries(readAnswers(path)));
  }

  get(key: string): unknown {
    this.#used.add(key);
    return this.#known.get(key);
  }

  set(key: string, value: unknown): void {
    this.#changed = true;
    this.#used.add(key);
    this.#known.set(key, value);
  }

  /** Answers that this run did not ask for stay until they are most of the file. */
  save(): void {
    if (!this.#changed) return;
    const crowded = this.#known.size > 4 * this.#used.size + 1000;
    const kept = crowded ? [...this.#known].filter(([key]) => this.#used.has(key)) : [...this.#known];
    const part = `${this.#path}.${process.pid}`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(part, JSON.stringify(Object.fromEntries(kept)));
      renameSync(part, this.#path);
    } catch {
      // the next run reads the sources again
    }
  }
}

/** A file that is missing or broken holds no answer. */
function readAnswers(path: string): object {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as object;
  } catch {
    return {};
  }
}
