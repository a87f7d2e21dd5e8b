import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Branches } from '../bake/cache-refs.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables in which CI systems name the branch that is built; a merge request's own branch first. */
const currentIn = [
  ...['GITHUB_HEAD_REF', 'CI_MERGE_REQUEST_SOURCE_BRANCH_NAME', 'CI_COMMIT_BRANCH', 'CHANGE_BRANCH', 'BRANCH_NAME'],
  ...['CIRCLE_BRANCH', 'BUILDKITE_BRANCH', 'BITBUCKET_BRANCH'],
];
/** The branch that a merge request targets, and the default branch. */
const baseIn = [
  ...['GITHUB_BASE_REF', 'CI_MERGE_REQUEST_TARGET_BRANCH_NAME', 'CI_DEFAULT_BRANCH', 'CHANGE_TARGET'],
  ...['BUILDKITE_PULL_REQUEST_BASE_BRANCH', 'BUILDKITE_PIPELINE_DEFAULT_BRANCH', 'BITBUCKET_PR_DESTINATION_BRANCH'],
];

/** The branch that is built and those that it grew from: what CI says, else what git says. */
export function readBranches(root: string, environment: Environment = process.env): Branches {
  const given = (names: readonly string[]): string[] => names.flatMap((name) => environment[name] || []);
  const onGitHub = environment.GITHUB_REF_TYPE === 'branch' ? environment.GITHUB_REF_NAME : undefined;
  const [current = onGitHub || git(root, 'symbolic-ref', '--quiet', '--short', 'HEAD')] = given(currentIn);
  const told = [...given(baseIn), defaultBranchOfEvent(environment)].filter((name) => name !== undefined);
  const bases = new Set([...told, ...defaultBranch(root, told.length === 0)]);
  return { current, bases: [...bases].filter((name) => name !== current) };
}

/** What the clone was made from, or else what most are called. */
function defaultBranch(root: string, guess: boolean): string[] {
  const names = ['origin/HEAD', ...(guess ? ['origin/main', 'origin/master', 'main', 'master'] : [])];
  const [found] = names.flatMap((name) => git(root, 'rev-parse', '--verify', '--quiet', '--abbrev-ref', name) ?? []);
  return found === undefined ? [] : [found.replace(/^origin\//, '')];
}

/** GitHub's event tells the default branch, which no variable does. */
function defaultBranchOfEvent({ GITHUB_EVENT_PATH: path }: Environment): string | undefined {
  if (!path) return undefined;
  try {
    const name = JSON.parse(readFileSync(path, 'utf8')).repository?.default_branch;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

function git(folder: string, ...words: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', ['-C', folder, ...words], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() || undefined : undefined;
}
