import { Command, Option } from 'commander';
import type { Context, Outcome } from './command.ts';
import { formatHelp } from './help.ts';
import { hasColors, type LogLevel, logLevels } from './reporter.ts';

export interface GlobalOptions {
  readonly cwd?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly logLevel?: LogLevel;
}

/** A command as chosen on the command line: what to run once the reporter stands. */
export type Chosen = (context: Context) => Promise<Outcome>;

type Commands = typeof import('./commands/all.ts');

/** What a command is declared with. */
interface Declaring {
  add(name: string, description: string, examples: readonly [string, string]): Command;
  /** Takes what to run once a command is chosen: nothing of it is loaded before. */
  run(work: (commands: Commands, context: Context) => Promise<Outcome>): void;
  /** What followed `--`. */
  readonly passthrough: readonly string[];
}

/** Declares all commands. Nothing is loaded until one is chosen; `passthrough` is what followed `--`. */
export function createProgram(choose: (chosen: Chosen) => void, passthrough: readonly string[]): Command {
  const program = globalOptions(new Command('stowage'));
  const declaring: Declaring = {
    add: (name, description, examples) =>
      program
        .command(name)
        .description(description)
        .helpOption('-h, --help', 'show this help')
        .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`),
    run: (work) => choose(async (context) => work(await import('./commands/all.ts'), context)),
    passthrough,
  };
  for (const declare of [list, prune, build, bake, dockerfile, affected, why, config, init, pin]) declare(declaring);
  return program;
}

function globalOptions(program: Command): Command {
  return program
    .description('Packs one app of a JavaScript monorepo for Docker: its closure, a pruned lockfile and a multi-stage Dockerfile.')
    .exitOverride()
    .configureOutput({
      outputError: () => undefined,
      getOutHasColors: () => hasColors(process.stdout),
      getErrHasColors: () => hasColors(process.stderr),
    })
    .configureHelp({
      showGlobalOptions: true,
      formatHelp,
      subcommandTerm: (command) => `${command.name()} ${command.usage()}`.replace(/ \[options\].*/, ''),
    })
    .usage('<command> [options]')
    .showSuggestionAfterError()
    .helpCommand(false)
    .option('--cwd <dir>', 'run as if started in this folder')
    .option('--json', 'one JSON object on stdout, everything else on stderr')
    .option('-q, --quiet', 'only warnings, errors and what was asked for')
    .addOption(new Option('--log-level <level>', 'error, warn, info (default) or debug').choices(logLevels))
    .helpOption('-h, --help', 'show this help')
    .version(STOWAGE_VERSION, '-V, --version', 'show the version');
}

const oneApp = 'package name, folder, or . for the package you stand in';
const someApps = 'package names, folders, or . for the package you stand in';
const cacheHelp = 'a place for the cache, of which each app and branch gets a part: a registry reference, or as buildx writes it: type=gha';
const foundBase = "default: what the CI's event tells, else where the default branch parted";

function list({ add, run }: Declaring): void {
  add('list', 'Show the apps of this repository, the preset of each, and why.', ['stowage list', 'stowage list --json']).action(() =>
    run((commands, context) => commands.list(context)),
  );
}

function prune({ add, run }: Declaring): void {
  add('prune', 'Write the folder that Docker builds from: manifests, pruned lockfiles, sources, Dockerfile.', [
    'stowage prune web',
    'stowage prune --all --verify',
  ])
    .usage('<app...> [options]')
    .argument('[app...]', someApps)
    .option('--out <dir>', 'folder to write (default: out/<app>; for several apps or --all: the folder above theirs)')
    .option('--all', 'every app that `stowage list` shows')
    .option('--verify', 'have the real package manager install it frozen; exit status 1 where it refuses')
    .option('--no-imports', 'leave the sources unread: the closure is what the manifests say')
    .action((apps: string[], options) => run((commands, context) => commands.prune(context, apps, options)));
}

function build({ add, run, passthrough }: Declaring): void {
  const command = add('build', 'Build images with one docker buildx bake; what is there already is only tagged.', [
    'stowage build api web --tag registry.example.com/{app}:1.4 --push',
    'stowage build --affected --push --tag registry.example.com/{app} --metadata images.json',
  ]).argument('[app...]', someApps);
  selectAffected(command)
    .addOption(tag())
    .option('--push', 'push the images, under a tag of their identity too, instead of loading them into Docker')
    .addOption(platform())
    .option('--builder <name>', 'buildx builder to use')
    .option('--cache <cache>', cacheHelp)
    .addOption(reproducible())
    .option('--metadata <file>', 'write name, ref, digest and identity of each image to this file, as JSON')
    .usage('<app...> [options] [-- buildx arguments]')
    .action((apps: string[], options) => run((commands, context) => commands.build(context, apps, { ...options, extra: passthrough })));
}

function bake({ add, run, passthrough }: Declaring): void {
  const command = add('bake', 'Write the folders of apps, and print the bake file that builds them.', [
    'stowage bake | docker buildx bake --file -',
    'stowage bake api web --tag registry.example.com/{app}:1.4 --file stowage.bake.json',
  ]).argument('[app...]', `${someApps} (default: all apps)`);
  selectAffected(command)
    .option('--file <file>', 'write the bake file here instead of printing it')
    .option('--out <dir>', 'folder that the folders of the apps are written to (default: out)')
    .addOption(tag())
    .addOption(platform())
    .option('--cache <cache>', cacheHelp)
    .addOption(reproducible())
    .usage('[app...] [options] [-- options of docker buildx build]')
    .action((apps: string[], options) => run((commands, context) => commands.bake(context, apps, { ...options, extra: passthrough })));
}

function dockerfile({ add, run }: Declaring): void {
  add('dockerfile', 'Print the Dockerfile of an app.', ['stowage dockerfile api', 'stowage dockerfile api --check Dockerfile.api'])
    .usage('<app> [options]')
    .argument('<app>', oneApp)
    .option('--self-contained', 'for platforms that only run `docker build .`: its first stage runs Stowage')
    .option('--context <dir>', 'with --self-contained or --check: the folder that Docker is given (default: the workspace root)')
    .option('--program <command>', 'with --self-contained: how that stage calls Stowage (default: this version, from the registry)')
    .option('--check <file>', 'say whether a generated file is stale, and what is wrong with one written by hand; exit status 1 for either')
    .action((app: string, options) => run((commands, context) => commands.dockerfile(context, app, options)));
}

function affected({ add, run }: Declaring): void {
  const formats = ['text', 'names', 'json', 'github', 'gitlab', 'bake', 'markdown'];
  add('affected', 'Show the images that differ from those of a base commit, and why.', [
    'stowage affected --base origin/main',
    'stowage affected --format github --on-unknown-base all',
  ])
    .option('--base <commit>', `compare with this commit (${foundBase})`)
    .addOption(unknownBase('all: every app counts as affected; fail (default): exit status 2'))
    .addOption(new Option('--format <format>', 'how to print it (default: text)').choices(formats))
    .option('--gitlab-include <file>', 'file that defines .stowage for the jobs of --format gitlab (default: .gitlab/stowage.yml)')
    .option('--exit-code', 'exit status 1 where an image is affected')
    .action((options) => run((commands, context) => commands.affected(context, options)));
}

function why({ add, run }: Declaring): void {
  add('why', 'Say why the installs and the build of an app would run again, or why a package is in its closure.', [
    'stowage why web --base origin/main',
    'stowage why web lodash',
  ])
    .usage('<app> [package] [options]')
    .argument('<app>', oneApp)
    .argument('[package]', 'a package of a registry or of the workspace')
    .option('--base <commit>', 'compare with this commit (default: as `stowage affected` finds it)')
    .addOption(unknownBase('all: everything runs again; fail (default): exit status 2'))
    .addOption(new Option('--format <format>', 'how to print it (default: text)').choices(['text', 'json', 'mermaid']))
    .action((app: string, wanted: string | undefined, options) => run((commands, context) => commands.why(context, app, wanted, options)));
}

function config({ add, run }: Declaring): void {
  add('config', 'Show each value in force, found or told, and where it comes from.', ['stowage config', 'stowage config api --json'])
    .usage('[app] [options]')
    .argument('[app]', oneApp)
    .action((app: string | undefined) => run((commands, context) => commands.config(context, app)));
}

function init({ add, run }: Declaring): void {
  const pipeline = 'whose pipeline (default: gitlab where there is a .gitlab-ci.yml, else github)';
  add('init', 'Show the files that a repository begins with, or write them: a config and a pipeline, Dockerfiles where asked for.', [
    'stowage init',
    'stowage init --ci gitlab --dockerfile web --write',
  ])
    .addOption(new Option('--ci <system>', pipeline).choices(['github', 'gitlab', 'none']))
    .option('--dockerfile <app>', 'a self-contained Dockerfile in the folder of this app, repeatable', collect)
    .option('--vendor <dir>', 'copy this program into a folder of the repository, for these Dockerfiles and the pipeline to run')
    .option('--write', 'write the files')
    .option('--force', 'with --write: replace files that differ')
    .action((options) => run((commands, context) => commands.init(context, options)));
}

function pin({ add, run }: Declaring): void {
  add('pin', 'Pin the base images: ask their registries for digests and write stowage.pins.json.', ['stowage pin', 'stowage pin --json']).action(() =>
    run((commands, context) => commands.pin(context)),
  );
}

function selectAffected(command: Command): Command {
  return command
    .option('--affected', 'only apps whose image differs from that of the base, as `stowage affected` tells')
    .option('--base <commit>', `with --affected: compare with this commit (${foundBase})`)
    .addOption(unknownBase('with --affected: all apps, or fail (default): exit status 2'));
}

function unknownBase(description: string): Option {
  return new Option('--on-unknown-base <policy>', description).choices(['all', 'fail']);
}

function tag(): Option {
  return new Option('--tag <tag>', 'name of the image, repeatable; {app} stands for the app (default: {app})').argParser(collect);
}

function platform(): Option {
  return new Option('--platform <platform>', 'target platforms, repeatable or comma-separated').argParser(collect);
}

function reproducible(): Option {
  return new Option('--reproducible', 'the same digest wherever and whenever it is built: one time for all files, no provenance');
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
