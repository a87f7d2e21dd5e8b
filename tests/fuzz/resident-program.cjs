/**
 * Runs a program of JavaScript again and again in one process, as the start of a process costs more than a small install.
 * Jobs come as lines of file 4; the status of each goes to file 3. A job that fails ends the process, so that nothing it left
 * running meets the next one.
 */
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const program = process.argv[2];
const reallyExit = process.exit.bind(process);
let isRunning = false;
let count = 0;

class Ended extends Error {}

process.exit = (code) => {
  finish(Number(code ?? process.exitCode ?? 0));
  throw new Ended();
};
listen();
next();

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
  const { cwd, args, env } = JSON.parse(line);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.argv.splice(1, process.argv.length, program, ...args);
  process.exitCode = undefined;
  isRunning = true;
  if (program.endsWith('npm-cli.js')) return runNpm().then(() => finish(Number(process.exitCode ?? 0)), fail);
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
  fs.writeSync(3, `${status}\n`);
  if (status !== 0) reallyExit(status);
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
