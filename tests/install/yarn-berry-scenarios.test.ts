import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Repository } from '../kit/repository.ts';
import { scenarios } from './yarn-berry-scenarios.ts';
import { describeYarn, refusal, yarn } from './yarn-berry-tool.ts';

/** The newest, and with STOWAGE_EVERY_RELEASE=1 one for each version of the lockfile and the oldest of yarn 4. */
const versions = ['4.18.1', ...(process.env.STOWAGE_EVERY_RELEASE === '1' ? ['3.8.7', '4.0.2', '4.12.0', '4.14.1'] : [])];

for (const version of versions) {
  const repositories: Repository[] = [];
  describeYarn(version, () => {
    afterAll(() => {
      for (const repository of repositories) repository.remove();
    });
    for (const scenario of scenarios.filter(({ since = '0' }) => version.localeCompare(since, 'en', { numeric: true }) >= 0)) {
      it(scenario.name, async () => {
        const repository = Repository.of({
          '.gitignore': 'node_modules\n.yarn/cache\n.yarn/install-state.gz\n.yarn/build-state.yml\n.pnp.*\n',
          '.yarnrc.yml': 'nodeLinker: node-modules\n',
          'yarn.lock': '',
          ...scenario.files,
        });
        repositories.push(repository);
        const installed = yarn(version, repository.folder, ['install', '--mode=skip-build']);
        expect(installed.status, installed.output).toBe(0);
        repository.edit('package.json', (text) => JSON.stringify({ ...JSON.parse(text), packageManager: `yarn@${version}` }));
        repository.commit('install');
        // what yarn does to its own lockfile says nothing of a pruned one
        expect(refusal(version, repository.folder), 'the whole repository').toBeUndefined();
        const { folder } = await repository.pack('app');
        for (const mode of ['deps', 'prod']) expect(refusal(version, join(folder, mode)), mode).toBeUndefined();
        scenario.check?.((path) => readFileSync(join(folder, path), 'utf8'));
      });
    }
  });
}
