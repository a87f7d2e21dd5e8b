/**
 * Runs a program of JavaScript again and again in one process, as the start of a process costs more than a small install.
 * Jobs come as lines of file 4; the status of each goes to file 3. A job that fails ends the process, so that nothing it left
 * running meets the next one. What a program has in memory serves the jobs of one registry only; for the next it is evaluated anew.
 */
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const program = process.argv[2];
const isNpm = program.endsWith('/npm-cli.js');
const reallyExit = process.exit.bind(process);
let isRunning = false;
let count = 0;
/** Address of the registry of the jobs that the loaded program did. */
let loadedFor;
/** Starts the loaded program once more, where it is known how. */
let again;

/** How the program's own file is to be extended so that it can be started once more. `process.argv` has the next job's words. */
const restarts = [
  { file: /\/pnpm\/dist\/pnpm\.c?js$/, extend: (text) => `${restartingWorkers(text)}\n${offer('(argv = process.argv.slice(2), runPnpm())')}` },
  { file: /\/pnpm\/dist\/pnpm\.mjs$/, extend: (text) => `${restartingWorkers(text)}\n${offer('(argv = buildArgv(), runPnpm())')}` },
  // its command line keeps the options of the last one
  {
    file: /\/yarn\/lib\/cli\.js$/,
    extend: (text) =>
      text
        .replace('exports = module.exports = new Command();', '$& globalThis.stowageCommand = module.exports;')
        .replace('exports.default = start;', `$& ${offer('(stowageForget(globalThis.stowageCommand), start())')}`),
  },
  {
    file: /\/cli-dist\/bin\/yarn\.js$/,
    extend: (text) =>
      text.replace(/([\w$]+\([^;{}]*\{[^{};]*pluginConfiguration:[\w$]+\(\)\}\));\}\)\(\);/, (_, start) => `${start};${offer(start)}})();`),
  },
];

class Ended extends Error {}

globalThis.stowageAgain = (start) => {
  again = start;
};
globalThis.stowageForget = (command) => {
  for (const key of Object.keys(command)) if (key !== 'Command' && key !== 'Option') delete command[key];
  command.Command.call(command, '');
};
process.exit = (code) => {
  finish(Number(code ?? process.exitCode ?? 0));
  throw new Ended();
};
extendOnLoad();
listen();
next();

function offer(start) {
  return `globalThis.stowageAgain(() => ${start});\n`;
}

/** pnpm ends its workers after each command. */
function restartingWorkers(text) {
  return text.replaceAll('if (!workerPool) {', 'if (!workerPool || globalThis.finishWorkers === undefined) {');
}

function extendOnLoad() {
  const extend = (filename, text) => restarts.find(({ file }) => file.test(filename))?.extend(text) ?? text;
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (text, filename, ...more) {
    return compile.call(this, extend(filename, text), filename, ...more);
  };
  Module.registerHooks?.({
    // a module is evaluated once for each address
    resolve(specifier, context, resolve) {
      const found = resolve(specifier, context);
      const [query] = /\?\d+$/.exec(context.parentURL ?? '') ?? [];
      return query !== undefined && found.url.endsWith('/dist/pnpm.mjs') ? { ...found, url: found.url + query } : found;
    },
    load(url, context, load) {
      const loaded = load(url, context);
      return url.includes('/dist/pnpm.mjs') ? { ...loaded, source: extend(url.replace(/\?.*/, ''), String(loaded.source)) } : loaded;
    },
  });
}

/** Also forgets who listened before: what a finished job hears, it takes for its own failure. */
function listen() {
  for (const event of ['exit', 'beforeExit', 'uncaughtException', 'unhandledRejection', 'SIGINT', 'SIGTERM']) process.removeAllListeners(event);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  process.on('beforeExit', () => finish(Number(process.exitCode ?? 0)));
}

function next() {
  const line = readLine();
  if (line === undefined) return reallyExit(0);
  const { cwd, args, env, registry } = JSON.parse(line);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  // the cache that some programs bring compiles in place of Node, and would pass by what extends them
  Object.assign(process.env, env, { DISABLE_V8_COMPILE_CACHE: '1' });
  process.chdir(cwd);
  process.argv.splice(1, process.argv.length, program, ...args);
  process.exitCode = undefined;
  globalThis.finishWorkers = undefined;
  isRunning = true;
  if (isNpm) return runNpm().then(() => finish(Number(process.exitCode ?? 0)), fail);
  if (again !== undefined && loadedFor === registry) return void Promise.resolve(again()).catch(fail);
  [again, loadedFor] = [undefined, registry];
  for (const loaded of Object.keys(require.cache)) delete require.cache[loaded];
  if (program.endsWith('.mjs')) import(`${pathToFileURL(program).href}?${count++}`).catch(fail);
  else require(program);
}

/** As npm's own program does, which ends its process after it. */
async function runNpm() {
  const Npm = require(path.join(path.dirname(program), '../lib/npm.js'));
  const npm = new Npm();
  const { exec, command, args } = await npm.load();
  if (!exec) throw new Error('no command');
  await npm.exec(command, args);
  npm.unload();
}

function fail(error) {
  if (error instanceof Ended) return;
  console.error(error);
  finish(1);
}

function finish(status) {
  if (!isRunning) return;
  isRunning = false;
  // what did not even start did not do its job
  const outcome = again === undefined && !isNpm ? 1 : status;
  fs.writeSync(3, `${outcome}\n`);
  if (outcome !== 0) reallyExit(outcome);
  listen();
  setImmediate(next);
}

/** Waits for it: nothing else is to run between two jobs. */
function readLine() {
  const bytes = Buffer.alloc(1 << 16);
  let text = '';
  while (!text.endsWith('\n')) {
    const read = fs.readSync(4, bytes);
    if (read === 0) return undefined;
    text += bytes.toString('utf8', 0, read);
  }
  return text;
}
