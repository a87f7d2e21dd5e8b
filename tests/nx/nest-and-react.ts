import { join } from 'node:path';
import { expect } from 'vitest';
import { Container } from '../kit/engine.ts';
import type { GeneratedNxWorkspace } from '../kit/generated-nx-workspace.ts';
import { sameFolder } from '../kit/same-folder.ts';

/** What is asked of the same four projects, be they made with manifests or without. */

/** Of the libraries in `folder`, `a` calls `b`, and `b` a package. */
export function writeLibraries(workspace: GeneratedNxWorkspace, folder: string): void {
  workspace.write(`${folder}/b/src/index.ts`, "import ms from 'ms';\nexport const b = (): number => ms('2 days');\n");
  workspace.write(`${folder}/a/src/index.ts`, "import { b } from '@one/b';\nexport const a = (): string => ['a of', b()].join(' ');\n");
}

/** The front end alone has the package whose name no other project says. */
export function writeFrontEnd(workspace: GeneratedNxWorkspace): void {
  workspace.write('apps/web/src/app/app.tsx', "import dayjs from 'dayjs';\nexport default () => <h1>{dayjs(0).year()}</h1>;\n");
}

/** Adds another release of what the front end needs, and prunes the API anew, of which `api` was written before. */
export async function expectInstallsStay(workspace: GeneratedNxWorkspace, api: string): Promise<void> {
  workspace.add('dayjs@1.11.13');
  const after = await workspace.prune(api, 'after');
  for (const part of ['deps', 'prod']) expect([part, sameFolder(join(workspace.home, 'api', part), join(after, part))]).toEqual([part, true]);
}

export async function expectApi(workspace: GeneratedNxWorkspace, api: string, image: string, answer: object): Promise<void> {
  await workspace.stowage('build', api, '--tag', image);
  const container = Container.start(image, 3000);
  expect(await (await container.get('/api')).json()).toEqual(answer);
  expect(container.stop()).not.toBe(137);
}

export async function expectFrontEnd(workspace: GeneratedNxWorkspace, web: string, image: string): Promise<void> {
  await workspace.stowage('build', web, '--tag', image);
  const container = Container.start(image, 8080);
  const page = await (await container.get('/')).text();
  const script = /src="([^"]+\.js)"/.exec(page)?.[1] ?? '';
  expect((await container.get(script)).status).toBe(200);
  container.stop();
}
