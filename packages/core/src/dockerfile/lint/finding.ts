import type { Closure, Files, Importer, PackageManagerId } from '../../model.ts';
import type { WrittenStage } from './parse-stages.ts';

/** Something that a Dockerfile written by hand does wrong. */
export interface Finding {
  /** 1-based. */
  readonly line: number;
  /** Stable, kebab-case. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** A Dockerfile of one app. */
export interface LintInput {
  /** Relative to the workspace root. */
  readonly path: string;
  readonly text: string;
  readonly packageManager: PackageManagerId;
  readonly closure: Closure;
  readonly importers: readonly Importer[];
  readonly files: Files;
  /** A path of the build context as one relative to the workspace root; it begins with `..` where it lies outside. */
  inRoot(path: string): string;
}

/** What a rule looks at besides the stages. */
export type Facts = Omit<LintInput, 'text'>;

/** One fault that is looked for, in all stages of a Dockerfile. */
export type Rule = (stages: readonly WrittenStage[], facts: Facts) => Finding[];
