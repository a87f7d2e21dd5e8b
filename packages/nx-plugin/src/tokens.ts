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

/**
 * Replaces the tokens of `@nx/docker`: `{projectName}`, `{projectRoot}`, `{imageRef}` (the root with hyphens, the image that `nx release` tags),
 * `{commitSha}`, `{shortCommitSha}`, `{currentDate}`, `{currentDate|YYYY.MM.DD}` (UTC) and `{env.NAME}`. One that nothing answers stays as it is.
 */
export function replaceTokens(pattern: string, facts: TokenFacts): string {
  return pattern.replace(
    /\{(?:env\.([^{}]+)|(\w+)(?:\|([^{}]+))?)\}/g,
    (token, variable: string | undefined, name: string, format: string | undefined) => {
      const value = variable === undefined ? tokenValue(name, format, facts) : facts.env[variable];
      return value ?? token;
    },
  );
}

function tokenValue(name: string, format: string | undefined, { projectName, projectRoot, workspaceRoot, now }: TokenFacts): string | undefined {
  switch (name) {
    case 'projectName':
      return projectName;
    case 'projectRoot':
      return projectRoot;
    case 'imageRef':
      return (projectRoot === '.' ? workspaceRoot : projectRoot)
        .replace(/^[\\/]/, '')
        .replace(/[\\/\s]+/g, '-')
        .toLowerCase()
        .slice(-128);
    case 'commitSha':
      return commitOf(workspaceRoot);
    case 'shortCommitSha':
      return commitOf(workspaceRoot)?.slice(0, 7);
    case 'currentDate':
      return format === undefined ? now.toISOString() : formatDate(now, format);
    default:
      return undefined;
  }
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
