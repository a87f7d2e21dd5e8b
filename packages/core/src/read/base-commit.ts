import { spawnSync } from 'node:child_process';
import { type BaseHint, eventBases } from './ci-event.ts';

/** The commit to compare with. */
export interface FoundBase {
  readonly commit: string;
  /** What told it: `--base main`, `the push event`, `the merge base with origin/main`. */
  readonly from: string;
  /** What a person should know of it, in sentences. */
  readonly notes: readonly string[];
}

/** There is no commit to compare with. */
export interface UnknownBase {
  readonly unknown: string;
  /** What to run, or to add to the CI's configuration. */
  readonly fix: string;
}

/**
 * Finds the commit to compare with: the one that is named, else the one of the CI's event, else the merge base with the default branch.
 * A commit that is told and that the clone has not is an answer too: nothing else is tried in its place.
 * @param env the variables of GitHub Actions and of GitLab CI are read
 */
export function findBase(root: string, named: string | undefined, env: Readonly<Record<string, string | undefined>>): FoundBase | UnknownBase {
  if (git(root, 'rev-parse', '--git-dir') === undefined)
    return { unknown: 'The folder is no git checkout, or git is not on the PATH.', fix: 'Run it in a clone.' };
  if (named !== undefined) return resolved(root, { ref: named, from: `--base ${named}` }, env, []);
  const { hint, notes, branch } = eventBases(env);
  return hint === undefined ? branchBase(root, branch, env, notes) : resolved(root, hint, env, notes);
}

function resolved(root: string, { ref, from, mergeOf }: BaseHint, env: Env, notes: readonly string[]): FoundBase | UnknownBase {
  // the merge commit that GitHub checks out for a pull request has the newest base as its first parent
  if (mergeOf !== undefined && commitOf(root, 'HEAD^2') === mergeOf) {
    const parent = commitOf(root, 'HEAD^1');
    if (parent !== undefined) return { commit: parent, from, notes };
  }
  const commit = commitOf(root, ref);
  if (commit === undefined) {
    // where two histories part is not known before both are there
    const fix = mergeOf !== undefined && isShallow(root) ? fetchHistory(root, env) : fetchCommit(root, ref, env);
    return { unknown: [...notes, `This clone does not have ${ref} (${from}).`].join(' '), fix };
  }
  if (mergeOf === undefined) return { commit, from, notes };
  const common = git(root, 'merge-base', commit, 'HEAD');
  return common === undefined
    ? { unknown: `The history between HEAD and ${ref} (${from}) is not in this clone.`, fix: fetchHistory(root, env) }
    : { commit: common, from: `the merge base with ${from}`, notes };
}

/** Where HEAD is the default branch itself, CI has nothing to compare with; a person has the last commit. */
function branchBase(root: string, told: string | undefined, env: Env, notes: readonly string[]): FoundBase | UnknownBase {
  const candidates = told === undefined ? ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'] : [`origin/${told}`, told];
  const branch = candidates.find((candidate) => commitOf(root, candidate) !== undefined);
  if (branch === undefined) {
    const name = told ?? 'main';
    return {
      unknown: `${[...notes, `The default branch is not in this clone (looked for ${candidates.join(', ')}).`].join(' ')}`,
      fix: !hasOrigin(root)
        ? 'Name the commit to compare with: --base COMMIT.'
        : `git fetch --no-tags --filter=blob:none origin +refs/heads/${name}:refs/remotes/origin/${name}${isShallow(root) ? ' --unshallow' : ''}`,
    };
  }
  const common = git(root, 'merge-base', branch, 'HEAD');
  if (common === undefined) return { unknown: `The history between HEAD and ${branch} is not in this clone.`, fix: fetchHistory(root, env) };
  const from = `the merge base with ${branch}`;
  if (common !== commitOf(root, 'HEAD')) return { commit: common, from, notes };
  if (!isCi(env)) return { commit: common, from, notes: [...notes, `HEAD is in ${branch}: only what is not committed is compared.`] };
  return {
    unknown: `${[...notes, `HEAD is in ${branch} itself, and nothing tells what was built before.`].join(' ')}`,
    fix: 'Name the commit that was built last: --base COMMIT.',
  };
}

/** Servers that set no `CI`: Azure Pipelines, Jenkins, TeamCity, AWS CodeBuild, Bamboo. */
const servers = ['TF_BUILD', 'JENKINS_URL', 'TEAMCITY_VERSION', 'CODEBUILD_BUILD_ID', 'bamboo_buildKey'];

function isCi(env: Env): boolean {
  return env.CI === undefined ? servers.some((name) => env[name] !== undefined) : env.CI !== 'false';
}

type Env = Readonly<Record<string, string | undefined>>;

/** A server is asked by a whole commit id, a branch or a tag; what is counted back from HEAD, or cut short, needs the history. */
function fetchCommit(root: string, ref: string, env: Env): string {
  const shallow = isShallow(root);
  if (!hasOrigin(root)) return nameAnother;
  if (/[~^:@]/.test(ref) || /^[0-9a-f]{4,39}$/.test(ref)) return shallow ? fetchHistory(root, env) : nameAnother;
  const branch = /^origin\/(.+)$/.exec(ref)?.[1];
  const source = branch !== undefined ? `+refs/heads/${branch}:refs/remotes/${ref}` : /^[0-9a-f]{40,64}$/.test(ref) ? ref : `${ref}:${ref}`;
  return shallow ? `git fetch --no-tags --depth=1 origin ${source}${inCi(env)}` : `git fetch --no-tags origin ${source}`;
}

const nameAnother = 'Name a branch, a tag or the whole id of a commit; `git log` shows them.';

function fetchHistory(root: string, env: Env): string {
  return isShallow(root)
    ? `git fetch --no-tags --unshallow --filter=blob:none origin${inCi(env)}`
    : 'Name a commit with --base: the two histories have nothing in common.';
}

/** How a CI says the same for all of its jobs. */
function inCi(env: Env): string {
  if (env.GITHUB_ACTIONS === 'true') return '\n(or `fetch-depth: 0` and `filter: blob:none` for actions/checkout)';
  return env.GITLAB_CI === 'true' ? '\n(or `GIT_DEPTH: "0"` among the variables of the job)' : '';
}

function hasOrigin(root: string): boolean {
  return git(root, 'remote', 'get-url', 'origin') !== undefined;
}

function isShallow(root: string): boolean {
  return git(root, 'rev-parse', '--is-shallow-repository') === 'true';
}

function commitOf(root: string, ref: string): string | undefined {
  return git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
}

function git(root: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
