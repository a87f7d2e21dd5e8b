import type { Stage } from '../../model.ts';
import type { ImageFacts } from '../image-facts.ts';
import { cacheMount, copyFrom, run, secretFile, secretVariable } from '../syntax.ts';

/** The frozen install of the build closure (`deps`) or of the runtime closure alone (`prod-deps`), before any source is there. */
export function installStage({ commands, leftovers, secrets }: ImageFacts, mode: 'deps' | 'prod'): Stage {
  const { command, caches } = commands.install(mode);
  const mounts = [
    ...caches.map(({ id, target, exclusive = false }) => cacheMount(id, target, exclusive)),
    ...secrets.map(({ id, from }) => (from === 'environment' ? secretVariable(id) : secretFile(id, '/root/.npmrc'))),
  ];
  const clean = mode === 'prod' && leftovers.length > 0 ? [`rm -rf ${leftovers.join(' ')}`] : [];
  return {
    name: mode === 'deps' ? 'deps' : 'prod-deps',
    from: 'base',
    instructions: [copyFrom(`stowage-${mode}`, '/', './'), run([command, ...clean], mounts)],
  };
}
