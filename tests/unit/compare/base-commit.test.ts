import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findBase } from '../../../packages/core/src/read/base-commit.ts';
import { Repository } from '../../kit/repository.ts';

const temporary = mkdtempSync(join(tmpdir(), 'stowage-base-'));
const made: Repository[] = [];
afterAll(() => {
  for (const repository of made) repository.remove();
  rmSync(temporary, { recursive: true, force: true });
});

const zeros = '0'.repeat(40);
const nowhere = 'f'.repeat(40);

/** `main` has two commits, of which the second came after `topic` parted with one of its own; HEAD is `topic`. */
function forked() {
  const repository = Repository.of({ 'a.txt': 'a' });
  made.push(repository);
  const idOf = (ref: string) => repository.git('rev-parse', ref).trim();
  repository.git('branch', '-M', 'main');
  repository.git('remote', 'add', 'origin', join(temporary, 'none.git'));
  repository.git('switch', '--quiet', '--create', 'topic');
  repository.commit('of the topic');
  repository.git('switch', '--quiet', 'main');
  repository.commit('of main');
  repository.git('switch', '--quiet', 'topic');
  return { repository, root: repository.folder, idOf, parted: idOf('main^'), main: idOf('main'), topic: idOf('topic') };
}

let kept: ReturnType<typeof forked> | undefined;
/** The same for all tests that change nothing in it. */
function shared() {
  kept ??= forked();
  return kept;
}

/** A clone of a depth, as a CI makes it: of one branch. */
function cloned(from: string, branch: string, depth?: number): string {
  const folder = join(mkdtempSync(join(temporary, 'clone-')), 'clone');
  const words = ['clone', '--quiet', '--branch', branch, ...(depth === undefined ? [] : [`--depth=${depth}`]), `file://${from}`, folder];
  execFileSync('git', words);
  return folder;
}

function github(event: object | string, env: Record<string, string> = {}) {
  const path = join(mkdtempSync(join(temporary, 'event-')), 'event.json');
  writeFileSync(path, typeof event === 'string' ? event : JSON.stringify(event));
  return { GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_EVENT_PATH: path, ...env };
}
const gitlab = (env: Record<string, string>) => ({ GITLAB_CI: 'true', CI: 'true', CI_DEFAULT_BRANCH: 'main', ...env });
const repositoryOfEvent = { repository: { default_branch: 'main' } };

describe('--base', () => {
  it('is the commit as it is, before all that a CI tells', () => {
    const { root, parted, main } = shared();
    expect(findBase(root, 'main', gitlab({ CI_COMMIT_BEFORE_SHA: parted }))).toEqual({ commit: main, from: '--base main', notes: [] });
    expect(findBase(root, main.slice(0, 10), {})).toMatchObject({ commit: main });
  });

  it('is not replaced by anything where git does not know it', () => {
    const { root } = shared();
    expect(findBase(root, 'mian', {})).toEqual({
      unknown: 'This clone does not have mian (--base mian).',
      fix: 'git fetch --no-tags origin mian:mian',
    });
    expect(findBase(root, 'HEAD~9', {})).toMatchObject({ fix: expect.stringContaining('Name a branch') });
  });

  it('is fetched from nowhere where there is no remote', () => {
    const { repository, root } = forked();
    repository.git('remote', 'remove', 'origin');
    expect(findBase(root, 'mian', {})).toMatchObject({ fix: expect.stringMatching(/^Name a branch/) });
    repository.git('branch', '-m', 'main', 'trunk');
    expect(findBase(root, undefined, {})).toMatchObject({ fix: 'Name the commit to compare with: --base COMMIT.' });
  });

  it('is no option of git', () => {
    expect(findBase(shared().root, '--all', {})).toMatchObject({ unknown: expect.stringContaining('--all') });
  });

  it('outside of git', () => {
    expect(findBase(temporary, undefined, {})).toMatchObject({ unknown: expect.stringContaining('no git checkout') });
  });
});

describe('GitHub Actions', () => {
  it('a pull request: where the two branches part, not the tip of the base', () => {
    const { root, parted, main, topic } = shared();
    const event = { pull_request: { base: { sha: main }, head: { sha: topic } }, ...repositoryOfEvent };
    const from = 'the merge base with the pull request into main';
    expect(findBase(root, undefined, github(event, { GITHUB_BASE_REF: 'main' }))).toEqual({ commit: parted, from, notes: [] });
  });

  it('a pull request whose merge commit is checked out: its first parent, which may be newer than the event', () => {
    const { repository, root, parted, main, topic } = forked();
    repository.git('switch', '--quiet', '--detach', 'main');
    repository.git('merge', '--quiet', '--no-ff', '--message', 'merge', 'topic');
    const event = { pull_request: { base: { sha: parted }, head: { sha: topic } } };
    expect(findBase(root, undefined, github(event))).toEqual({ commit: main, from: 'the pull request', notes: [] });
    const shallow = cloned(root, 'main');
    execFileSync('git', ['-C', shallow, 'fetch', '--quiet', '--depth=2', 'origin', 'HEAD']);
    execFileSync('git', ['-C', shallow, 'checkout', '--quiet', 'FETCH_HEAD']);
    expect(findBase(shallow, undefined, github(event))).toMatchObject({ commit: main });
  });

  it('the merge queue', () => {
    const { root, main } = shared();
    expect(findBase(root, undefined, github({ merge_group: { base_sha: main } }))).toMatchObject({ commit: main, from: 'the merge queue' });
  });

  it('a push: the commit before', () => {
    const { root, parted } = shared();
    expect(findBase(root, undefined, github({ before: parted, ...repositoryOfEvent }))).toEqual({
      commit: parted,
      from: 'the push event',
      notes: [],
    });
  });

  it('a forced push: what the branch was before, and says so; where that is gone, no other commit', () => {
    const { root, main } = shared();
    const note = 'The push was forced: it is compared with what the branch was before.';
    expect(findBase(root, undefined, github({ before: main, forced: true }))).toEqual({ commit: main, from: 'the push event', notes: [note] });
    expect(findBase(root, undefined, github({ before: nowhere, forced: true, ...repositoryOfEvent }))).toEqual({
      unknown: `${note} This clone does not have ${nowhere} (the push event).`,
      fix: `git fetch --no-tags origin ${nowhere}`,
    });
  });

  it('a push of a new branch: where it parted from the default branch', () => {
    const { root, parted } = shared();
    const notes = ['The branch is new: the push event tells no commit before it.'];
    const from = 'the merge base with main';
    expect(findBase(root, undefined, github({ before: zeros, ...repositoryOfEvent }))).toEqual({ commit: parted, from, notes });
  });

  it('a default branch of another name; an event without commits; a file that holds no JSON', () => {
    const { repository, root, parted } = forked();
    expect(findBase(root, undefined, github({ schedule: '0 0 * * *' }))).toMatchObject({ commit: parted });
    expect(findBase(root, undefined, github('{'))).toMatchObject({ commit: parted, notes: [expect.stringContaining('holds no JSON')] });
    repository.git('branch', '-m', 'main', 'trunk');
    expect(findBase(root, undefined, github({ repository: { default_branch: 'trunk' } }))).toMatchObject({ commit: parted });
    expect(findBase(root, undefined, github(repositoryOfEvent))).toMatchObject({
      unknown: 'The default branch is not in this clone (looked for origin/main, main).',
      fix: 'git fetch --no-tags --filter=blob:none origin +refs/heads/main:refs/remotes/origin/main',
    });
  });
});

describe('GitLab', () => {
  it('a merge request, before the push', () => {
    const { root, parted, main } = shared();
    const env = gitlab({ CI_MERGE_REQUEST_DIFF_BASE_SHA: parted, CI_COMMIT_BEFORE_SHA: main });
    expect(findBase(root, undefined, env)).toEqual({ commit: parted, from: 'CI_MERGE_REQUEST_DIFF_BASE_SHA', notes: [] });
  });

  it('a push; zeros and nothing lead to the default branch', () => {
    const { root, parted, main } = shared();
    expect(findBase(root, undefined, gitlab({ CI_COMMIT_BEFORE_SHA: main }))).toMatchObject({ commit: main, from: 'CI_COMMIT_BEFORE_SHA' });
    const env = gitlab({ CI_COMMIT_BEFORE_SHA: zeros, CI_MERGE_REQUEST_DIFF_BASE_SHA: '' });
    expect(findBase(root, undefined, env)).toMatchObject({ commit: parted, notes: [expect.stringContaining('all zeros')] });
    expect(findBase(root, undefined, gitlab({}))).toEqual({ commit: parted, from: 'the merge base with main', notes: [] });
  });
});

describe('the default branch', () => {
  it('of the remote, before one that is local', () => {
    const { repository, root, parted, main } = forked();
    repository.git('switch', '--quiet', 'main');
    const clone = cloned(root, 'topic');
    expect(findBase(clone, undefined, {})).toEqual({ commit: parted, from: 'the merge base with origin/HEAD', notes: [] });
    repository.git('switch', '--quiet', 'topic');
    repository.git('update-ref', 'refs/remotes/origin/main', main);
    expect(findBase(root, undefined, {})).toMatchObject({ from: 'the merge base with origin/main' });
  });

  it('HEAD on it: a person compares with HEAD, a CI has nothing to compare with', () => {
    const { repository, root, main } = forked();
    repository.git('switch', '--quiet', 'main');
    expect(findBase(root, undefined, {})).toEqual({
      commit: main,
      from: 'the merge base with main',
      notes: ['HEAD is in main: only what is not committed is compared.'],
    });
    for (const env of [{ TF_BUILD: 'True' }, { JENKINS_URL: 'http://ci.example/' }, { TEAMCITY_VERSION: '2026.1' }])
      expect(findBase(root, undefined, env)).toHaveProperty('unknown');
    expect(findBase(root, undefined, { CI: 'false', TF_BUILD: 'True' })).toHaveProperty('commit');
    expect(findBase(root, undefined, { CI: 'true' })).toEqual({
      unknown: 'HEAD is in main itself, and nothing tells what was built before.',
      fix: 'Name the commit that was built last: --base COMMIT.',
    });
  });

  it('histories that have nothing in common', () => {
    const { repository, root } = forked();
    repository.git('switch', '--quiet', '--orphan', 'other');
    repository.commit('of another history');
    expect(findBase(root, undefined, {})).toMatchObject({ fix: expect.stringContaining('nothing in common') });
  });
});

describe('a shallow clone is told the fetch that mends it', () => {
  /** Runs the first line of the answer, then asks again. */
  function mended(root: string, named: string | undefined, env: Record<string, string>) {
    const before = findBase(root, named, env);
    if (!('unknown' in before)) throw new Error('the base is known');
    const [command = '', inCi] = before.fix.split('\n');
    execFileSync('sh', ['-c', command], { cwd: root, stdio: 'ignore' });
    return { command, inCi, after: findBase(root, named, env) };
  }

  it('a push', () => {
    const { root, parted } = shared();
    const { command, inCi, after } = mended(cloned(root, 'topic', 1), undefined, github({ before: parted }));
    expect(command).toBe(`git fetch --no-tags --depth=1 origin ${parted}`);
    expect(inCi).toBe('(or `fetch-depth: 0` and `filter: blob:none` for actions/checkout)');
    expect(after).toEqual({ commit: parted, from: 'the push event', notes: [] });
  });

  it('a pull request: the history at once', () => {
    const { repository, root, main, topic } = forked();
    repository.git('switch', '--quiet', '--create', 'merged', 'main');
    repository.git('merge', '--quiet', '--no-ff', '--message', 'merge', 'topic');
    const event = { pull_request: { base: { sha: main }, head: { sha: topic } } };
    const { command, after } = mended(cloned(root, 'merged', 1), undefined, github(event));
    expect(command).toBe('git fetch --no-tags --unshallow --filter=blob:none origin');
    expect(after).toEqual({ commit: main, from: 'the pull request', notes: [] });
  });

  it('GitLab', () => {
    const { root, parted } = shared();
    const { inCi, after } = mended(cloned(root, 'topic', 1), undefined, gitlab({ CI_COMMIT_BEFORE_SHA: parted }));
    expect({ inCi, after }).toEqual({
      inCi: '(or `GIT_DEPTH: "0"` among the variables of the job)',
      after: expect.objectContaining({ commit: parted }),
    });
  });

  it.each(['main', 'origin/main', 'v1'])('--base %s', (ref) => {
    const { repository, root, main } = forked();
    repository.git('tag', 'v1', 'main');
    expect(mended(cloned(root, 'topic', 1), ref, {}).after).toMatchObject({ commit: main });
  });

  it('--base HEAD^, or a short id', () => {
    const { root, parted } = shared();
    for (const ref of ['HEAD^', parted.slice(0, 8)]) expect(mended(cloned(root, 'topic', 1), ref, {}).after).toMatchObject({ commit: parted });
  });

  it('the default branch, and where it parted', () => {
    const { repository, root, parted } = forked();
    repository.git('switch', '--quiet', 'main');
    const { after } = mended(cloned(root, 'topic', 1), undefined, gitlab({}));
    expect(after).toMatchObject({ commit: parted, from: 'the merge base with origin/main' });
    const both = cloned(root, 'topic', 1);
    execFileSync('git', ['-C', both, 'fetch', '--quiet', '--depth=1', 'origin', '+refs/heads/main:refs/remotes/origin/main']);
    expect(mended(both, undefined, {}).after).toMatchObject({ commit: parted });
  });
});
