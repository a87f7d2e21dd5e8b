/**
 * A Node program for the `output` stage of an app that Nx builds: fails where a built file loads a package that
 * is installed for the build and not at run time, naming it and what to do; the image would end with its first request for it. What is
 * installed nowhere is optional to whoever asks for it, and so is what stands in a `try`.
 * @param output where the build has put what it made, from the root
 * @param folder of the manifest that says what the app depends on
 * @param narrowed whether the config can name packages of the root manifest that the app needs besides
 */
export function requiredProgram(output: string, folder: string, narrowed: boolean): string {
  return `const fs = require('node:fs'), path = require('node:path');
const { isBuiltin } = require('node:module');
const { dependencies, devDependencies, optionalDependencies } = JSON.parse(fs.readFileSync('/app/package.json', 'utf8'));
const listed = ${narrowed} ? { ...dependencies, ...devDependencies, ...optionalDependencies } : {};
const LOADS = /\\b(?:require|import)\\s*\\(\\s*(["'])([^"'\\n]+)\\1\\s*\\)|\\b(?:import|export)\\b[\\w\\s{},*$]*\\bfrom\\s*(["'])([^"'\\n]+)\\3|\\bimport\\s*(["'])([^"'\\n]+)\\5/g;
const above = (folder) => (folder === '.' ? ['.'] : [folder, ...above(path.dirname(folder))]);
const has = (top, file, name) => above(path.dirname(file)).some((folder) => fs.existsSync(path.join(top, folder, 'node_modules', name)));
const missing = new Map();
const output = ${JSON.stringify(output)};
const built = fs.existsSync(path.join('/out', output)) ? fs.readdirSync(path.join('/out', output), { recursive: true }).sort() : [];
for (const file of built.map((each) => path.join(output, each))) {
  if (!/\\.[cm]?js$/.test(file) || /(^|\\/)node_modules\\//.test(file)) continue;
  const text = fs.readFileSync(path.join('/out', file), 'utf8').replace(/^\\s*(\\/\\/|\\/?\\*).*$/gm, '');
  for (const { 2: called, 4: bound, 6: bare, index } of text.matchAll(LOADS)) {
    const [, name] = /^((?:@[\\w.~-]+\\/)?[a-z0-9][\\w.~-]*)(?:\\/|$)/.exec(called ?? bound ?? bare) ?? [];
    if (name === undefined || isBuiltin(name) || /\\btry\\s*\\{[^}]*$/.test(text.slice(Math.max(0, index - 300), index))) continue;
    if (!missing.has(name) && has('/app', file, name) && !has('/prod', file, name) && !has('/out', file, name)) missing.set(name, file);
  }
}
for (const [name, file] of missing)
  console.error(file + ' loads "' + name + '", which is not installed at run time: ' + (Object.hasOwn(listed, name)
    ? 'name it in the config of the app, "packages": ["' + name + '"].'
    : 'add it to the "dependencies" of ${folder === '.' ? '' : `${folder}/`}package.json.'));
process.exitCode = missing.size > 0 ? 1 : 0;
`;
}
