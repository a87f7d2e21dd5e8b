import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ImportCache } from '../closure/imports/sources.ts';

/** Answers about sources, kept in a file between runs. They are keyed by content: an answer is never stale, only unused. */
export class ImportCacheFile implements ImportCache {
  readonly #path: string;
  readonly #answers: Map<string, unknown>;
  readonly #used = new Set<string>();
  #changed = false;

  private constructor(path: string, answers: Map<string, unknown>) {
    this.#path = path;
    this.#answers = answers;
  }

  /** A file that is missing or broken is an empty cache. */
  static open(path: string): ImportCacheFile {
    try {
      return new ImportCacheFile(path, new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8')))));
    } catch {
      return new ImportCacheFile(path, new Map());
    }
  }

  get(key: string): unknown {
    this.#used.add(key);
    return this.#answers.get(key);
  }

  set(key: string, value: unknown): void {
    this.#changed = true;
    this.#used.add(key);
    this.#answers.set(key, value);
  }

  /** Writes what is new. Answers that this run did not ask for stay until they are most of the file. A folder that cannot be written is no error. */
  save(): void {
    if (!this.#changed) return;
    const crowded = this.#answers.size > 4 * this.#used.size + 1000;
    const kept = crowded ? [...this.#answers].filter(([key]) => this.#used.has(key)) : [...this.#answers];
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
