/** The way through the house: a folder may import those before it in this list, never one after it. */
const order = ['package-managers', 'read', 'config', 'closure', 'nx', 'context', 'presets', 'dockerfile', 'compare', 'bake', 'write', 'run'];
const core = '^packages/core/src';
const diskAndProcesses =
  '^(node:)?(fs|fs/promises|child_process|worker_threads|net|http|https)$|node_modules/(tinyexec|fast-glob|@manypkg/get-packages)/';

const backwards = order.slice(0, -1).map((folder, index) => ({
  name: `${folder}-imports-only-what-comes-before`,
  comment: `The order is model, ${order.join(', ')}, then pack.ts.`,
  severity: 'error',
  from: { path: `${core}/${folder}/` },
  to: { path: `${core}/(${order.slice(index + 1).join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...backwards,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'model-imports-nothing',
      severity: 'error',
      from: { path: `${core}/model\\.ts$` },
      to: {},
    },
    {
      name: 'words-at-the-bottom',
      comment: 'model, errors, order, nearest and text are what all folders share: they import none of them.',
      severity: 'error',
      from: { path: `${core}/(model|errors|order|nearest|text)\\.ts$` },
      to: { path: `${core}/[^/]+/` },
    },
    {
      name: 'parts-do-not-import-the-whole',
      severity: 'error',
      from: { path: `${core}/[^/]+/` },
      to: { path: `${core}/(pack|index)\\.ts$` },
    },
    {
      name: 'only-read-write-and-run-touch-the-machine',
      comment: 'A plan is a value: everything else sees the disk through Files, and starts no process.',
      severity: 'error',
      from: { path: `${core}/`, pathNot: `${core}/(read|write|run)/` },
      to: { path: diskAndProcesses },
    },
    {
      name: 'package-managers-do-not-know-each-other',
      severity: 'error',
      from: { path: `${core}/package-managers/([^/]+)/` },
      to: { path: `${core}/package-managers/[^/]+/`, pathNot: `${core}/package-managers/$1/` },
    },
    {
      name: 'presets-do-not-know-each-other',
      severity: 'error',
      from: { path: `${core}/presets/([^/]+)/` },
      to: { path: `${core}/presets/[^/]+/`, pathNot: `${core}/presets/$1/` },
    },
    {
      name: 'core-stands-alone',
      severity: 'error',
      from: { path: core },
      to: { path: '^packages/(cli|nx-plugin)/' },
    },
    {
      name: 'cli-and-plugin-use-the-public-exports',
      comment: 'syntax.ts is no code of the command line: it names what the bundle keeps in a file of its own.',
      severity: 'error',
      from: { path: '^packages/(cli|nx-plugin)/', pathNot: '^packages/cli/src/syntax\\.ts$' },
      to: { path: `${core}/`, pathNot: `${core}/(index|recognise)\\.ts$` },
    },
    {
      name: 'program-does-not-import-tests',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(tests|bench|tools)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/[^/]+/dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
