import { readFileSync } from 'node:fs';

/** A commit that something tells to compare with. */
export interface BaseHint {
  readonly ref: string;
  /** What told it. */
  readonly from: string;
  /** The head of a pull request: the base is then where the two histories part. */
  readonly mergeOf?: string;
}

export interface EventBases {
  readonly hint?: BaseHint;
  /** The default branch, where it is told. */
  readonly branch?: string;
  readonly notes: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;

const noCommit = /^0+$/;

/** What the variables of GitHub Actions or GitLab CI tell of the commit that was built before; nothing elsewhere. */
export function eventBases(env: Env): EventBases {
  if (env.GITHUB_EVENT_PATH !== undefined) return githubBases(env.GITHUB_EVENT_PATH, env);
  return env.GITLAB_CI === undefined ? { notes: [] } : gitlabBases(env);
}

interface GithubEvent {
  readonly before?: string;
  readonly forced?: boolean;
  readonly pull_request?: { readonly base?: { readonly sha?: string }; readonly head?: { readonly sha?: string } };
  readonly merge_group?: { readonly base_sha?: string };
  readonly repository?: { readonly default_branch?: string };
}

/** The payloads of `pull_request`, `merge_group` and `push`, as GitHub documents its webhooks. */
function githubBases(path: string, env: Env): EventBases {
  const event = readEvent(path);
  if (event === undefined) return { notes: [`GITHUB_EVENT_PATH names ${path}, which holds no JSON.`] };
  const { pull_request: request, merge_group: queued, before, forced, repository } = event;
  const branch = repository?.default_branch === undefined ? {} : { branch: repository.default_branch };
  if (request?.base?.sha !== undefined) {
    const from = `the pull request${env.GITHUB_BASE_REF === undefined || env.GITHUB_BASE_REF === '' ? '' : ` into ${env.GITHUB_BASE_REF}`}`;
    return { hint: { ref: request.base.sha, from, mergeOf: request.head?.sha ?? '' }, ...branch, notes: [] };
  }
  if (queued?.base_sha !== undefined) return { hint: { ref: queued.base_sha, from: 'the merge queue' }, ...branch, notes: [] };
  if (before === undefined) return { ...branch, notes: [] };
  if (noCommit.test(before)) return { ...branch, notes: ['The branch is new: the push event tells no commit before it.'] };
  const notes = forced ? ['The push was forced: it is compared with what the branch was before.'] : [];
  return { hint: { ref: before, from: 'the push event' }, ...branch, notes };
}

function readEvent(path: string): GithubEvent | undefined {
  try {
    const event: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof event === 'object' && event !== null ? event : undefined;
  } catch {
    return undefined;
  }
}

function gitlabBases(env: Env): EventBases {
  const branch = env.CI_DEFAULT_BRANCH === undefined ? {} : { branch: env.CI_DEFAULT_BRANCH };
  const merge = env.CI_MERGE_REQUEST_DIFF_BASE_SHA;
  if (merge !== undefined && merge !== '') return { hint: { ref: merge, from: 'CI_MERGE_REQUEST_DIFF_BASE_SHA' }, ...branch, notes: [] };
  const before = env.CI_COMMIT_BEFORE_SHA;
  if (before === undefined || before === '') return { ...branch, notes: [] };
  if (noCommit.test(before)) return { ...branch, notes: ['CI_COMMIT_BEFORE_SHA is all zeros: GitLab tells no commit before this one.'] };
  return { hint: { ref: before, from: 'CI_COMMIT_BEFORE_SHA' }, ...branch, notes: [] };
}
