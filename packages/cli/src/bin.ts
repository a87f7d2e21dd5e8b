#!/usr/bin/env node
import module from 'node:module';
import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { type Failure, failureOf, usageFailure } from './failure.ts';
import { type Chosen, createProgram, type GlobalOptions } from './program.ts';
import { Reporter } from './reporter.ts';

const interrupted = 130;

// From 22.1 on Node.js keeps what it compiled, in a folder of its own, for the next run.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(); // `stowage list | head -1`: the reader has enough
  throw error;
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error; // nobody reads what is told meanwhile: the work goes on
});
process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const separator = argv.includes('build') || argv.includes('bake') ? argv.indexOf('--') : -1; // what follows it is for buildx
  const words = separator === -1 ? argv : argv.slice(0, separator);
  const own = words[0] === 'help' ? [...words.slice(1), '--help'] : words;
  let chosen: Chosen | undefined;
  const program = createProgram(
    (command) => {
      chosen = command;
    },
    separator === -1 ? [] : argv.slice(separator + 1),
  );
  try {
    await program.parseAsync(own, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0; // --help and --version have printed themselves
    if (error.code === 'commander.help') return 2; // no command: the help stands on stderr
    const command = program.commands.find((candidate) => own.includes(candidate.name()));
    return fail(
      reporterOf(own.includes('--json') ? { json: true } : {}),
      usageFailure(error, command === undefined ? 'stowage' : `stowage ${command.name()}`),
    );
  }
  const options = program.opts<GlobalOptions>();
  return chosen === undefined ? 2 : run(chosen, reporterOf(options), resolve(options.cwd ?? '.'));
}

function reporterOf({ json = false, quiet = false, logLevel = 'info' }: GlobalOptions): Reporter {
  return new Reporter({ json, quiet, logLevel });
}

function fail(reporter: Reporter, failure: Failure): number {
  reporter.failure(failure);
  return failure.status;
}

async function run(chosen: Chosen, reporter: Reporter, cwd: string): Promise<number> {
  const abort = new AbortController();
  const onInterrupt = () => abort.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const outcome = await chosen({ cwd, reporter, signal: abort.signal });
    if (abort.signal.aborted) return interrupted;
    reporter.result(outcome);
    return outcome.found ? 1 : 0;
  } catch (error) {
    return abort.signal.aborted ? interrupted : fail(reporter, failureOf(error));
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}
