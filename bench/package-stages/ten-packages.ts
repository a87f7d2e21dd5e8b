/** The app. */
export const root = 'apps/shop';

/** By folder, the packages that each depends on: three rows of libraries over one that all use. */
export const locals: Readonly<Record<string, readonly string[]>> = {
  'packages/lib-0': [],
  ...Object.fromEntries([1, 2, 3].map((nth) => [`packages/lib-${nth}`, ['packages/lib-0']])),
  'packages/lib-4': ['packages/lib-1', 'packages/lib-2'],
  'packages/lib-5': ['packages/lib-2', 'packages/lib-3'],
  'packages/lib-6': ['packages/lib-1', 'packages/lib-3'],
  'packages/lib-7': ['packages/lib-4', 'packages/lib-5'],
  'packages/lib-8': ['packages/lib-5', 'packages/lib-6'],
  [root]: ['packages/lib-7', 'packages/lib-8'],
};

/** A pnpm workspace of an app, with a config, and nine libraries that tsc compiles, with further tools at its root. */
export function tenPackages(tools: Readonly<Record<string, string>>, config: object): Record<string, string> {
  return {
    '.gitignore': 'node_modules\ndist\n',
    [`${root}/stowage.json`]: json(config),
    'package.json': json({ name: 'ten', private: true, packageManager: 'pnpm@10.34.9', engines: { node: '22.x' }, devDependencies: tools }),
    'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n',
    'tsconfig.base.json': json({ compilerOptions: { strict: true, target: 'es2022', module: 'nodenext', declaration: true, types: ['node'] } }),
    ...('turbo' in tools ? { 'turbo.json': json({ tasks: { build: { dependsOn: ['^build'], outputs: ['dist/**'] } } }) } : {}),
    ...Object.assign({}, ...Object.entries(locals).map(([folder, below]) => filesOf(folder, below))),
  };
}

function filesOf(folder: string, below: readonly string[]): Record<string, string> {
  const names = below.map((other) => other.replace('packages/', ''));
  const manifest = {
    name: folder.split('/')[1],
    version: '1.0.0',
    private: true,
    type: 'module',
    main: './dist/index.js',
    types: './dist/index.d.ts',
    scripts: { build: 'tsc -p .', ...(folder === root ? { start: 'node dist/index.js' } : {}) },
    dependencies: Object.fromEntries(names.map((name) => [name, 'workspace:*'])),
    devDependencies: { '@types/node': '22.10.0', typescript: '5.9.3' },
  };
  const part = (nth: number): string => `export const part${nth} = (words: readonly string[]): string => words.join('-');\n`;
  return {
    [`${folder}/package.json`]: json(manifest),
    [`${folder}/tsconfig.json`]: json({ extends: '../../tsconfig.base.json', compilerOptions: { rootDir: 'src', outDir: 'dist' }, include: ['src'] }),
    [`${folder}/src/index.ts`]: [
      ...names.map((name) => `import * as ${name.replace('-', '')} from '${name}';`),
      ...Array.from({ length: 20 }, (_, nth) => `export * from './part-${nth}.js';`),
      `export const value: number = ${['1', ...names.map((name) => `${name.replace('-', '')}.value`)].join(' + ')};`,
      '',
    ].join('\n'),
    ...Object.fromEntries(Array.from({ length: 20 }, (_, nth) => [`${folder}/src/part-${nth}.ts`, part(nth)])),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
