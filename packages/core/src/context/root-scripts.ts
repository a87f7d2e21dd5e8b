import type { Diagnostic, FileEntry, Files, Manifest, PlannedFile } from '../model.ts';

const lifecycle = ['pnpm:devPreinstall', 'preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'];

export interface RootScripts {
  /** Scripts that the masked root manifest keeps: those that patch `node_modules`, if their tool is installed. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly files: readonly PlannedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The root's lifecycle scripts in an install: git hooks, checks of the package manager and code generators need what an image has not,
 * so none runs but `patch-package` (and `postinstall-postinstall`'s like), which changes what was installed. Each one left out is told.
 */
export function planRootScripts(root: Manifest, scoped: Manifest, files: Files): RootScripts {
  const scripts: Record<string, string> = {};
  const planned: PlannedFile[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const name of lifecycle) {
    const command = root.scripts?.[name];
    if (command === undefined) continue;
    const patching = command
      .split(/&&|;/)
      .map((part) => part.trim())
      .find((part) => /^(?:npx |yarn |pnpm (?:exec )?)?patch-package\b/.test(part));
    if (patching === undefined) {
      diagnostics.push(leftOut(name, command));
    } else if (installs(scoped, 'patch-package')) {
      scripts[name] = patching;
      planned.push(...patchFiles(patching, files));
    }
  }
  return { scripts, files: planned, diagnostics };
}

function installs(manifest: Manifest, name: string): boolean {
  return [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies].some((map) => map?.[name] !== undefined);
}

function patchFiles(command: string, files: Files): PlannedFile[] {
  const folder = (/--patch-dir[= ]([^\s]+)/.exec(command)?.[1] ?? 'patches').replace(/^\.\//, '').replace(/\/$/, '');
  return files.list
    .filter(({ path, mode }: FileEntry) => path.startsWith(`${folder}/`) && path.endsWith('.patch') && mode !== '120000')
    .map(({ path }) => ({ path, mode: '100644', copyFrom: path }));
}

function leftOut(name: string, command: string): Diagnostic {
  return {
    level: 'info',
    code: 'root-script-left-out',
    message: `The root's "${name}" (${command}) does not run in the image.`,
    file: 'package.json',
    hint: `If the build needs it, name it in the config: "rootScripts": ["${name}"] runs it in the build stage; [] says that none is needed.`,
  };
}
