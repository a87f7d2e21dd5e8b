import { execFileSync } from 'node:child_process';
import type { ExecutorContext } from '@nx/devkit';
import { projectRoot } from './pack-project.ts';

/** What a tag or label may name in braces. */
export interface TokenFacts {
  readonly projectName: string;
  readonly projectRoot: string;
  readonly workspaceRoot: string;
  readonly now: Date;
  readonly env: Readonly<Record<string, string | undefined>>;
}

type Token = (facts: TokenFacts, format: string | undefined) => string | undefined;

/** The tokens of `@nx/docker`, but for the environment's. */
const tokens: Readonly<Record<string, Token>> = {
  projectName: ({ projectName }) => projectName,
  projectRoot: ({ projectRoot }) => projectRoot,
  // the image that `nx release` tags
  imageRef: ({ projectRoot, workspaceRoot }) =>
    (projectRoot === '.' ? workspaceRoot : projectRoot)
      .replace(/^[\\/]/, '')
      .replace(/[\\/\s]+/g, '-')
      .toLowerCase()
      .slice(-128),
  commitSha: ({ workspaceRoot }) => commitOf(workspaceRoot),
  shortCommitSha: ({ workspaceRoot }) => commitOf(workspaceRoot)?.slice(0, 7),
  currentDate: ({ now }, format) => (format === undefined ? now.toISOString() : formatDate(now, format)),
};

export const knownTokens: readonly string[] = Object.keys(tokens);

/**
 * Replaces the tokens of `@nx/docker`: `{projectName}`, `{projectRoot}`, `{imageRef}` (the root with hyphens), `{commitSha}`,
 * `{shortCommitSha}`, `{currentDate}`, `{currentDate|YYYY.MM.DD}` (UTC) and `{env.NAME}`. One that nothing answers stays as it is.
 */
export function replaceTokens(pattern: string, facts: TokenFacts): string {
  return pattern.replace(
    /\{(?:env\.([^{}]+)|(\w+)(?:\|([^{}]+))?)\}/g,
    (token, variable: string | undefined, name: string, format: string | undefined) => {
      const value = variable === undefined ? tokens[name]?.(facts, format) : facts.env[variable];
      return value ?? token;
    },
  );
}

function formatDate(date: Date, format: string): string {
  const [year = '', month = '', day = '', hours = '', minutes = '', seconds = ''] = date.toISOString().split(/[-T:.Z]/);
  const parts: Readonly<Record<string, string>> = { YYYY: year, YY: year.slice(-2), MM: month, DD: day, HH: hours, mm: minutes, ss: seconds };
  return format.replace(/YYYY|YY|MM|DD|HH|mm|ss/g, (part) => parts[part] ?? part);
}

function commitOf(folder: string): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined; // no git, or no commit yet
  }
}

/** What a task of Nx gives to replace tokens with. */
export function tokenFacts(context: Pick<ExecutorContext, 'root' | 'projectName' | 'projectsConfigurations'>): TokenFacts {
  return {
    projectName: context.projectName ?? '',
    projectRoot: projectRoot(context),
    workspaceRoot: context.root,
    now: new Date(),
    env: process.env,
  };
}
