import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Repository } from '../kit/repository.ts';
import { scenarios } from './yarn-berry-scenarios.ts';
import { describeYarn, refusal, yarn } from './yarn-berry-tool.ts';

for (const version of ['4.18.1']) {
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
        const installed = yarn(version, repository.folder, ['install', '--mode=update-lockfile']);
        expect(installed.status, installed.output).toBe(0);
        repository.edit('package.json', (text) => JSON.stringify({ ...JSON.parse(text), packageManager: `yarn@${version}` }));
        repository.commit('install');
        const { folder } = await repository.pack('app');
        for (const mode of ['deps', 'prod']) expect(refusal(version, join(folder, mode)), mode).toBeUndefined();
        scenario.check?.((path) => readFileSync(join(folder, path), 'utf8'));
      });
    }
  });
}
