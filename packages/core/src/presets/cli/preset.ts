import type { Preset } from '../preset.ts';
import { serverPlan } from '../server-plan.ts';

/** A command line tool: arguments come after the image's name. */
export const cli: Preset = {
  id: 'cli',
  detect: ({ importer: { manifest }, shared }) =>
    manifest.bin === undefined || shared ? undefined : `bin: ${Object.keys(binsOf(manifest)).join(', ')}`,
  plan(app) {
    const file = Object.values(binsOf(app.importer.manifest))[0];
    return serverPlan(app, { command: file === undefined ? undefined : ['node', file], port: undefined, takesArguments: true });
  },
};

/** The program named like the package comes first. */
function binsOf({ bin, name = 'bin' }: { readonly bin?: string | Readonly<Record<string, string>>; readonly name?: string }): Record<string, string> {
  const own = name.replace(/^@[^/]*\//, '');
  if (typeof bin !== 'object') return bin === undefined ? {} : { [own]: bin };
  return own in bin ? { [own]: bin[own] as string, ...bin } : bin;
}
