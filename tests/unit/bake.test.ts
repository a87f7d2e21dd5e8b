import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseBuildWords } from '../../packages/core/src/bake/build-words.ts';
import { cacheOptions } from '../../packages/core/src/bake/cache-refs.ts';
import { isOwnBakeFile, renderBakeFile } from '../../packages/core/src/bake/definition.ts';
import { imageIdentity } from '../../packages/core/src/bake/image-identity.ts';
import { assertImageReference, repositoryOf } from '../../packages/core/src/bake/image-reference.ts';
import { bakeFile, planTargets, type TargetRequest } from '../../packages/core/src/bake/plan-targets.ts';
import type { PackPlan } from '../../packages/core/src/model.ts';
import { pack } from '../../packages/core/src/pack.ts';
import { readWorkspace } from '../../packages/core/src/read/workspace.ts';
import { readBranches } from '../../packages/core/src/run/branches.ts';
import { acme as files } from '../kit/acme.ts';
import { layOut } from '../kit/cli.ts';

let acme: ReturnType<typeof layOut>;
let plan: PackPlan;
beforeAll(async () => {
  acme = layOut({ ...files, 'stowage.json': '{ "apps": { "apps/api": { "buildArgs": { "SITE": "here" } } } }' });
  plan = await pack(await readWorkspace(acme.folder), 'api');
});
afterAll(() => acme?.remove());

const request: TargetRequest = {
  tags: [],
  platforms: [],
  cache: undefined,
  branches: { current: 'main', bases: [] },
  settings: {},
  contextOf: ({ app }) => `out/${app.id}`,
  secretsOf: () => [],
};

describe('words for docker buildx build', () => {
  test('become settings of a target; the rest is for bake', () => {
    const words = ['--label', 'a=b=c', '--label=d', '-o', 'type=local,dest=x', '--platform=linux/amd64,linux/arm64', '--set', '*.pull=true'];
    const more = ['--build-arg=A=1', '--build-arg', 'B', '--build-arg=C', '--no-cache', '--pull=false', '--add-host', 'h:10.0.0.1', '--progress=tty'];
    expect(parseBuildWords([...words, ...more, '--sbom=true', '--provenance', 'mode=max', '--ssh=default'], { B: '2' })).toEqual({
      settings: {
        labels: { a: 'b=c', d: '' },
        output: ['type=local,dest=x'],
        platforms: ['linux/amd64', 'linux/arm64'],
        args: { A: '1', B: '2' },
        'no-cache': true,
        pull: false,
        'extra-hosts': { h: '10.0.0.1' },
        attest: ['type=sbom', 'type=provenance,mode=max'],
        ssh: ['default'],
      },
      rest: ['--set', '*.pull=true', '--progress=tty'],
    });
  });

  test.each([
    [['-f', 'Dockerfile'], /-f cannot be given/],
    [['--iidfile=x'], /--iidfile cannot be given/],
    [['--label'], /--label needs a value/],
  ])('%j is refused', (words, problem) => {
    expect(() => parseBuildWords(words, {})).toThrow(problem);
  });
});

describe('caches', () => {
  const branches = { current: 'feature/x', bases: ['main'] };
  const feature = expect.stringMatching(/^type=registry,ref=r\.example:5000\/cache:web-feature-x-[0-9a-f]{8}$/);

  test('a reference for each app and branch: read from several, written to one', () => {
    const { 'cache-from': from, 'cache-to': to } = cacheOptions('r.example:5000/cache', 'web', [], branches);
    expect(from).toEqual([feature, 'type=registry,ref=r.example:5000/cache:web-main']);
    expect(to).toEqual([`${from[0]},mode=max`]);
    const other = cacheOptions('r.example:5000/cache', 'web', [], { current: 'feature-x', bases: [] });
    expect(other['cache-to']).not.toEqual(to);
  });

  test.each([
    ['r/c:v2', 'type=registry,ref=r/c:v2-web-main', 'type=registry,ref=r/c:v2-web-main,mode=max'],
    [
      'type=registry,ref=r/c,mode=min,ignore-error=true',
      'type=registry,ref=r/c:web-main',
      'type=registry,ref=r/c:web-main,ignore-error=true,mode=min',
    ],
    ['type=gha', 'type=gha,scope=web', 'type=gha,scope=web,mode=max'],
    ['type=gha,scope=ci', 'type=gha,scope=ci-web', 'type=gha,scope=ci-web,mode=max'],
    ['type=local,dest=/c', 'type=local,src=/c/web-main', 'type=local,dest=/c/web-main,mode=max'],
    ['type=s3,bucket=b,region=r', 'type=s3,bucket=b,region=r,name=web-main', 'type=s3,bucket=b,region=r,name=web-main,mode=max'],
  ])('%s', (spec, from, to) => {
    expect(cacheOptions(spec, 'web', [], { current: 'main', bases: ['main'] })).toEqual({ 'cache-from': [from], 'cache-to': [to] });
  });

  test('platforms are told apart; what is inline has no place', () => {
    expect(cacheOptions('type=gha', 'web', ['linux/arm64', 'linux/arm/v7'], branches)['cache-from']).toEqual([
      expect.stringMatching(/^type=gha,scope=web-arm64_arm-v7-[0-9a-f]{8}$/),
    ]);
    expect(cacheOptions('type=inline', 'web', [], branches)).toEqual({ 'cache-from': [], 'cache-to': ['type=inline'] });
  });

  test.each([
    [
      { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' },
      { current: 'main', bases: [] },
    ],
    [
      { GITHUB_HEAD_REF: 'x', GITHUB_BASE_REF: 'main', GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: '1/merge' },
      { current: 'x', bases: ['main'] },
    ],
    [
      { CI_COMMIT_BRANCH: 'x', CI_DEFAULT_BRANCH: 'trunk' },
      { current: 'x', bases: ['trunk'] },
    ],
    [{}, { current: undefined, bases: [] }],
  ])('branches of %j', (environment, expected) => {
    expect(readBranches(acme.folder, environment)).toEqual(expected);
  });
});

describe('identity', () => {
  test('is the plan’s where nothing else is told, and whatever labels say', () => {
    expect(imageIdentity(plan, {})).toBe(plan.identities.image);
    expect(imageIdentity(plan, { labels: { revision: 'abc' }, secret: ['id=X,env=X'], args: { UNDECLARED: '1' } })).toBe(plan.identities.image);
  });

  test('differs by what changes the content', () => {
    const told = [
      { args: { SITE: 'a' } },
      { args: { SITE: 'b' } },
      { platforms: ['linux/amd64'] },
      { platforms: ['linux/arm64', 'linux/amd64'] },
      { attest: ['type=sbom'] },
      { target: 'deps' },
      { contexts: { 'node:22-slim': 'docker-image://mirror.example/node:22-slim' } },
    ];
    expect(new Set([plan.identities.image, ...told.map((settings) => imageIdentity(plan, settings))]).size).toBe(told.length + 1);
    expect(imageIdentity(plan, { platforms: ['linux/amd64', 'linux/arm64'] })).toBe(imageIdentity(plan, told[3] ?? {}));
  });

  test.each([
    ['web', 'web'],
    ['r.example:5000/team/web', 'r.example:5000/team/web'],
    ['r.example:5000/team/web:1.4', 'r.example:5000/team/web'],
    ['r.example/web:1@sha256:00', 'r.example/web'],
  ])('repository of %s', (reference, repository) => {
    expect(repositoryOf(reference)).toBe(repository);
  });

  test.each(['web', 'a/b__c/d--e:1', 'localhost:5000/web', 'R.Example/web:V1_2-x', '[::1]:5000/web'])('%s can be a name', (reference) => {
    expect(() => assertImageReference(reference)).not.toThrow();
  });

  test.each([
    ['ghcr.io/Acme/Shop/web:1', 'ghcr.io/acme/shop/web:1'],
    ['r.example/web:a tag', 'A name is like'],
    ['r.example/web:', 'A name is like'],
    ['web@sha256:00', 'A name is like'],
  ])('%s cannot', (reference, hint) => {
    expect(() => assertImageReference(reference)).toThrow(expect.objectContaining({ code: 'STW2000', hint: expect.stringContaining(hint) }));
  });
});

describe('targets', () => {
  test('stand alone, with what is theirs', () => {
    const settings = parseBuildWords(['--label=team=web', '--annotation=index:a=b'], {}).settings;
    const [target] = planTargets([plan], { ...request, tags: ['r/{app}:1'], cache: 'r/c', settings, secretsOf: () => ['id=T,env=T'] });
    expect(target).toMatchObject({ name: 'acme-api', tags: ['r/acme-api:1'], identityTags: [`r/acme-api:stowage-${target?.identity.slice(0, 16)}`] });
    expect(target?.target).toEqual({
      context: 'out/apps/api',
      labels: { team: 'web', 'dev.stowage.identity': target?.identity },
      annotations: ['index:a=b'],
      tags: ['r/acme-api:1'],
      secret: ['id=T,env=T'],
      'cache-from': ['type=registry,ref=r/c:acme-api-main'],
      'cache-to': ['type=registry,ref=r/c:acme-api-main,mode=max'],
    });
  });

  test('are told one time and no provenance where the image is to be reproducible, which its identity does not tell', () => {
    const [usual] = planTargets([plan], request);
    const [target] = planTargets([plan], { ...request, reproducible: true, settings: { output: ['type=oci,dest=a.tar'], attest: ['type=sbom'] } });
    expect(target?.target).toMatchObject({
      args: { SOURCE_DATE_EPOCH: '315532801' },
      attest: ['type=provenance,disabled=true', 'type=sbom'],
      output: ['type=oci,dest=a.tar,rewrite-timestamp=true'],
    });
    expect(planTargets([plan], { ...request, reproducible: true })[0]?.identity).toBe(usual?.identity);
  });

  test('two apps of one target name are refused by name', () => {
    const other: PackPlan = { ...plan, app: { ...plan.app, id: 'apps/other', name: 'acme-api' } };
    expect(() => planTargets([plan, other], request)).toThrow('@acme/api (apps/api) and acme-api (apps/other) would both be the target acme-api.');
  });

  test('names fit bake; templates of HCL in values are only text', () => {
    const targets = planTargets([plan], { ...request, settings: { args: { A: '$' + '{x} %{y} $z' } } });
    const text = renderBakeFile(bakeFile(targets));
    expect(Object.keys(JSON.parse(text).target)).toEqual([expect.stringMatching(/^[a-zA-Z0-9_-]+$/)]);
    expect(text).toContain('"A": "$$' + '{x} %%{y} $z"');
    const none = renderBakeFile(bakeFile([]));
    expect([text, none, '{"target":{"web":{"context":"."}}}', '{"group":{}}', 'target "web" {}'].map(isOwnBakeFile)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
