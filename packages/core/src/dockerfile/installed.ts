/**
 * A Node program for the `output` stage: copies packages that an app's folder finds, and what they depend on, out of the installed tree, whatever
 * its layout. Each lies in the root's `node_modules`, or beside what needs another version. What is not installed is left out: it was optional.
 */
export function installedProgram(app: string, packages: readonly string[]): string {
  return `const fs = require('node:fs'), path = require('node:path');
const find = (name, from) => {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const found = path.join(folder, 'node_modules', name);
    if (fs.existsSync(found)) return fs.realpathSync(found);
    if (folder === path.dirname(folder)) return;
  }
};
const placed = new Map();
const place = (name, from, beside) => {
  const folder = find(name, from);
  if (folder === undefined) return;
  const [top, near] = ['/out', beside].map((parent) => path.join(parent, 'node_modules', name));
  if (placed.get(top) === folder || placed.get(near) === folder) return;
  const to = placed.has(top) ? near : top;
  placed.set(to, folder);
  fs.cpSync(folder, to, { recursive: true, verbatimSymlinks: true, filter: (file) => file === folder || path.basename(file) !== 'node_modules' });
  const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  for (const each of Object.keys({ ...peerDependencies, ...dependencies, ...optionalDependencies }).sort()) place(each, folder, to);
};
for (const name of ${JSON.stringify(packages)}) place(name, ${JSON.stringify(`/app/${app === '.' ? '' : app}`)}, '/out');
`;
}
