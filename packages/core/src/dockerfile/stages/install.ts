import type { Stage } from '../../model.ts';
import { compiledOncePath, compiledOnceProgram } from '../compiled-once.ts';
import type { ImageFacts } from '../image-facts.ts';
import { cacheMount, copyFrom, copyText, run, secretFile, secretVariable } from '../syntax.ts';

/** What a compiler leaves beside the module that it made, of no use to a running app. */
const objects = ['Release/obj', 'Release/obj.target', 'Release/.deps', 'node_gyp_bins'].map((folder) => `-path '*/build*/${folder}'`).join(' -o ');

/**
 * The frozen install of the build closure (`deps`) or of the runtime closure alone (`prod-deps`), before any source is there. Native
 * packages that both hold are compiled in `prod-deps` alone.
 */
export function installStage({ commands, leftovers, secrets, needs, compiledOnce }: ImageFacts, mode: 'deps' | 'prod', from: string): Stage {
  const { command, caches } = commands.install(mode);
  const mounts = [
    ...caches.map(({ id, target, exclusive = false }) => cacheMount(id, target, exclusive)),
    ...secrets
      .filter(({ usedBy }) => usedBy === 'install')
      .map(({ id, from: source }) => (source === 'environment' ? secretVariable(id) : secretFile(id, '/root/.npmrc'))),
  ];
  const clean = [
    ...(needs.systemPackages.length > 0 ? [`find . -type d \\( ${objects} \\) -prune -exec rm -rf {} +`] : []),
    ...(leftovers.length > 0 ? [`rm -rf ${leftovers.join(' ')}`] : []),
  ];
  const once = mode === 'deps' && compiledOnce.length > 0;
  return {
    name: mode === 'deps' ? 'deps' : 'prod-deps',
    from,
    instructions: [
      ...(once ? [copyText(compiledOnceProgram(compiledOnce), compiledOncePath)] : []),
      copyFrom(`stowage-${mode}`, '/', './'),
      run([...(once ? [`export NODE_OPTIONS="--require ${compiledOncePath}"`] : []), command, ...(mode === 'prod' ? clean : [])], mounts),
    ],
  };
}
