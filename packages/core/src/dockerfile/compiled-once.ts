/** Where the program lies in the stages that have it. */
export const compiledOncePath = '/usr/local/lib/stowage/compiled-once.cjs';

/**
 * A program for Node that keeps native packages from being compiled in both installs. Preloaded into the install of `deps`, it ends the
 * tools that download or compile, for the packages that `prod-deps` compiles beside it, and notes the folder. Run in the build stage, it
 * copies to each noted folder what `prod-deps` (at `/prod`) has made. A package whose install does more than call such a tool is left alone.
 * @param packages `name@version`, sorted
 */
export function compiledOnceProgram(packages: readonly string[]): string {
  return `const fs = require('node:fs'), path = require('node:path');
const packages = new Set(${JSON.stringify(packages)});
const notes = path.join(__dirname, 'left-out');
const manifestOf = (folder) => {
  try { return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')); } catch { return {}; }
};
const isTwin = (folder, { name, version }) => {
  const other = manifestOf(folder);
  return other.name === name && other.version === version;
};
const leaveOut = (folder) => {
  const { name, version, scripts = {} } = manifestOf(folder);
  const simple = !/&&|;/.test(scripts.install ?? '') && !scripts.preinstall && !scripts.postinstall;
  if (!packages.has(name + '@' + version) || !simple) return;
  fs.appendFileSync(notes, folder + '\\n');
  process.exit(0);
};
const findTwin = (folder, wanted) => {
  const modules = path.join(folder, 'node_modules');
  if (!fs.existsSync(modules)) return;
  const inner = fs.readdirSync(modules, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const folders = inner.flatMap(({ name }) => name === '.pnpm' || name.startsWith('@')
    ? fs.readdirSync(path.join(modules, name)).map((below) => path.join(modules, name, below))
    : [path.join(modules, name)]);
  for (const each of folders) {
    const found = isTwin(each, wanted) ? each : findTwin(each, wanted);
    if (found !== undefined) return found;
  }
};
const restore = (folder) => {
  const wanted = manifestOf(folder);
  const same = path.join('/prod', path.relative('/app', folder));
  const twin = isTwin(same, wanted) ? same : findTwin('/prod', wanted);
  if (twin === undefined) throw new Error(folder + ' was to be compiled by the production install, which lacks it');
  fs.cpSync(twin, folder, { recursive: true, force: false, verbatimSymlinks: true });
};
if (require.main === module) {
  const folders = fs.existsSync(notes) ? fs.readFileSync(notes, 'utf8').split('\\n').filter(Boolean) : [];
  for (const folder of new Set(folders)) restore(folder);
} else if (/(node-gyp|prebuild-install|node-pre-gyp)([\\\\/](bin[\\\\/]?)?[^\\\\/]*)?$/.test(process.argv[1] ?? '')) {
  leaveOut(process.cwd());
}`;
}
