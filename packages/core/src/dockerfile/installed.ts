/**
 * A Node program for the `output` stage: copies packages, and what they depend on, out of the installed tree, whatever its layout, with links to
 * their programs. Each lies in the root's `node_modules`, or beside what needs another version. What is not installed is left out: it was
 * optional; but for what a person asked for, which fails the build.
 * @param folders of the packages of the workspace that may find them, the app's first
 */
export function installedProgram(folders: readonly string[], packages: readonly string[], asked: readonly string[]): string {
  const [app = '.'] = folders;
  return `const fs = require('node:fs'), path = require('node:path');
const manifestOf = (folder) => JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
const find = (name, from) => {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const found = path.join(folder, 'node_modules', name);
    if (fs.existsSync(found)) return fs.realpathSync(found);
    if (folder === path.dirname(folder)) return;
  }
};
const placed = new Map();
const isFree = (spot, version) =>
  !placed.has(spot) && (!fs.existsSync(path.join(spot, 'package.json')) || manifestOf(spot).version === version);
const place = (name, from, beside) => {
  const folder = find(name, from);
  if (folder === undefined) return;
  const { version, bin, dependencies, optionalDependencies, peerDependencies } = manifestOf(folder);
  const spots = ['/out', beside].map((parent) => path.join(parent, 'node_modules', name));
  if (spots.some((spot) => placed.get(spot) === folder)) return;
  const to = isFree(spots[0], version) ? spots[0] : spots[1];
  placed.set(to, folder);
  const target = fs.existsSync(to) ? fs.realpathSync(to) : to;
  fs.cpSync(folder, target, { recursive: true, verbatimSymlinks: true, filter: (file) => file === folder || path.basename(file) !== 'node_modules' });
  for (const each of Object.keys({ ...peerDependencies, ...dependencies, ...optionalDependencies }).sort()) place(each, folder, to);
  return { to, programs: typeof bin === 'string' ? { [path.basename(name)]: bin } : bin ?? {} };
};
for (const name of ${JSON.stringify([...packages, ...asked])}) {
  const from = ${JSON.stringify(folders.map((folder) => (folder === '.' ? '/app' : `/app/${folder}`)))}.find((folder) => find(name, folder) !== undefined);
  if (from === undefined && ${JSON.stringify(asked)}.includes(name)) {
    console.error('"' + name + '" of "packages" in the config is no dependency of the app or of a package that it is built from.');
    process.exitCode = 1;
  }
  const { to, programs = {} } = (from && place(name, from, ${JSON.stringify(app === '.' ? '/out' : `/out/${app}`)})) ?? {};
  for (const [program, file] of Object.entries(programs)) {
    const link = path.join(to.slice(0, -name.length), '.bin', program);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.rmSync(link, { force: true });
    fs.symlinkSync(path.relative(path.dirname(link), path.join(to, file)), link);
  }
}
`;
}
