import type { Diagnostic } from '@stowage/core';
import { createColors } from 'picocolors';
import { type Annotation, annotationLine } from './annotation.ts';
import type { Failure } from './failure.ts';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A step that takes long and is told while it does. */
interface Step {
  update(detail: string): void;
  end(well: boolean): void;
}

export interface ReporterOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly logLevel: LogLevel;
}

const heartbeatMs = 30_000;
const frameMs = 100;
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const clearLine = '\r\u001b[2K';

/** NO_COLOR, then FORCE_COLOR, then whether the stream is a terminal. */
export function hasColors(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY === true && TERM !== 'dumb';
}

/**
 * The only code that prints. Results go to stdout, everything else to stderr;
 * `--quiet` leaves warnings and errors, `--json` puts one object on stdout.
 */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #out = createColors(hasColors(process.stdout));
  readonly #err = createColors(hasColors(process.stderr));
  readonly #seen = new Set<string>();
  #root: string | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Where the files of errors and warnings lie, absolute. */
  setRoot(root: string): void {
    this.#root = root;
  }

  /** The result: as text for people and pipes, or as one object with --json. A `summary` says only what was done, and --quiet drops it. */
  result(result: { readonly json: Readonly<Record<string, unknown>>; readonly text: string; readonly summary: boolean }): void {
    if (this.#options.json) this.#stdout(`${JSON.stringify({ schemaVersion: 1, ...result.json }, null, 2)}\n`);
    else if (!(result.summary && this.#options.quiet)) this.#stdout(result.text);
  }

  failure(failure: Failure): void {
    if (this.#options.json) this.#stdout(`${JSON.stringify({ schemaVersion: 1, error: failure.json }, null, 2)}\n`);
    const { red, bold, dim } = this.#err;
    const where = failure.where === undefined ? [] : [dim(`  at ${failure.where}`)];
    const hint = failure.hint === undefined ? [] : failure.hint.split('\n').map((line) => `  ${line}`);
    this.#stderr(`${[`${red(bold('error'))} ${bold(failure.code)} ${failure.message}`, ...where, ...hint].join('\n')}\n`);
    const { file, line } = failure.location ?? {};
    this.#annotate({ level: 'error', title: failure.code, message: failure.message, hint: failure.hint, file, line });
  }

  /** Warnings always, notes unless quiet; the same words are said once, however many apps they concern. */
  diagnostics(diagnostics: readonly Diagnostic[]): void {
    for (const diagnostic of diagnostics) {
      const { code, file, line, hint, message } = diagnostic;
      const key = JSON.stringify([code, file, line, message]);
      if (this.#seen.has(key) || !this.#shows(diagnostic.level === 'warning' ? 'warn' : 'info')) continue;
      this.#seen.add(key);
      const { yellow, cyan, dim } = this.#err;
      const label = diagnostic.level === 'warning' ? yellow('warning') : cyan('note');
      const where = file === undefined ? '' : dim(` (${line === undefined ? file : `${file}:${line}`})`);
      this.#stderr(`${label} ${code}: ${message}${where}\n${hint === undefined ? '' : `  ${hint}\n`}`);
      if (diagnostic.level === 'warning') this.#annotate({ level: 'warning', title: code, message, hint, file, line });
    }
  }

  debug(text: string): void {
    if (this.#shows('debug')) this.#stderr(`${this.#err.dim(text)}\n`);
  }

  /**
   * Tells of work that takes long: a live line on a terminal; elsewhere a line when it starts, one every 30 seconds, and one when it ends.
   * `went` says of a result whether it went well; what throws did not.
   */
  async during<T>(label: string, work: (update: (detail: string) => void) => Promise<T>, went: (result: T) => boolean = () => true): Promise<T> {
    const step = this.#step(label);
    let well = false;
    try {
      const result = await work(step.update);
      well = went(result);
      return result;
    } finally {
      step.end(well);
    }
  }

  #step(label: string): Step {
    if (!this.#shows('info')) return { update: (detail) => this.debug(detail), end: () => undefined };
    const live = process.stderr.isTTY === true && process.env.CI === undefined && process.env.TERM !== 'dumb' && !this.#shows('debug');
    return live ? this.#liveStep(label) : this.#plainStep(label);
  }

  #liveStep(label: string): Step {
    const { cyan, dim, green, red } = this.#err;
    const started = Date.now();
    let detail = '';
    let frame = 0;
    const draw = () => {
      const text = `${label} ${detail}`.replaceAll(/\s+/g, ' ').slice(0, Math.max(20, (process.stderr.columns || 80) - 12));
      this.#stderr(`${clearLine}${cyan(frames[frame++ % frames.length] ?? '')} ${text} ${dim(seconds(started))}`);
    };
    draw();
    const timer = setInterval(draw, frameMs);
    return {
      update: (text) => {
        detail = text;
      },
      end: (well) => {
        clearInterval(timer);
        this.#stderr(`${clearLine}${well ? green('✓') : red('✗')} ${label} ${dim(seconds(started))}\n`);
      },
    };
  }

  #plainStep(label: string): Step {
    const started = Date.now();
    let detail = '';
    this.#stderr(`${label} ...\n`);
    const beat = () => this.#stderr(`${label} ... still running after ${seconds(started)}${detail === '' ? '' : `: ${detail}`}\n`);
    const timer = setInterval(beat, heartbeatMs);
    return {
      update: (text) => {
        detail = text;
        this.debug(text);
      },
      end: (well) => {
        clearInterval(timer);
        this.#stderr(`${label} ${well ? 'done' : 'failed'} in ${seconds(started)}\n`);
      },
    };
  }

  #shows(level: LogLevel): boolean {
    const threshold = this.#options.quiet ? 'warn' : this.#options.logLevel;
    return logLevels.indexOf(level) <= logLevels.indexOf(threshold);
  }

  /** In GitHub Actions errors and warnings show beside the change too; the runner reads its commands from both streams. */
  #annotate(annotation: Annotation): void {
    const { GITHUB_ACTIONS, GITHUB_WORKSPACE } = process.env;
    if (GITHUB_ACTIONS === 'true') this.#stderr(annotationLine(annotation, this.#root, GITHUB_WORKSPACE));
  }

  #stdout(text: string): void {
    process.stdout.write(text);
  }

  #stderr(text: string): void {
    process.stderr.write(text);
  }

  /** Colours for the text of a result. */
  get colors() {
    return this.#out;
  }
}

function seconds(since: number): string {
  const elapsed = (Date.now() - since) / 1000;
  return elapsed < 60 ? `${elapsed.toFixed(1)} s` : `${Math.floor(elapsed / 60)} min ${Math.round(elapsed % 60)} s`;
}
