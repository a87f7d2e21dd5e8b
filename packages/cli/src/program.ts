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

const cacheHelp = 'a place for the cache, of which each app and branch gets a part: a registry reference, or as buildx writes it: type=gha';

/** Declares all commands. Nothing is loaded until one is chosen; `passthrough` is what followed `--`. */
export function createProgram(choose: (chosen: Chosen) => void, passthrough: readonly string[]): Command {
  const program = new Command('stowage')
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

  const add = (name: string, description: string, examples: readonly [string, string]) =>
    program
      .command(name)
      .description(description)
      .helpOption('-h, --help', 'show this help')
      .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`);

  add('list', 'Show the apps of this repository, the preset of each, and why.', ['stowage list', 'stowage list --json']).action(() =>
    choose(async (context) => (await import('./commands/all.ts')).list(context)),
  );

  add('prune', 'Write the folder that Docker builds from: manifests, pruned lockfiles, sources, Dockerfile.', [
    'stowage prune web',
    'stowage prune --all --verify',
  ])
    .usage('<app...> [options]')
    .argument('[app...]', 'package names, folders, or . for the package you stand in')
    .option('--out <dir>', 'folder to write (default: out/<app>; for several apps or --all: the folder above theirs)')
    .option('--all', 'every app that `stowage list` shows')
    .option('--verify', 'have the real package manager install it frozen; exit status 1 where it refuses')
    .option('--no-imports', 'leave the sources unread: the closure is what the manifests say')
    .action((apps: string[], options) => choose(async (context) => (await import('./commands/all.ts')).prune(context, apps, options)));

  add('build', 'Build images with one docker buildx bake; what is there already is only tagged.', [
    'stowage build api web --tag registry.example.com/{app}:1.4 --push',
    'stowage build --affected --push --tag registry.example.com/{app} --metadata images.json',
  ])
    .argument('[app...]', 'package names, folders, or . for the package you stand in')
    .option('--affected', 'only apps whose image differs from that of the base, as `stowage affected` tells')
    .option('--base <commit>', "with --affected: compare with this commit (default: what the CI's event tells, else where the default branch parted)")
    .addOption(new Option('--on-unknown-base <policy>', 'with --affected: all apps, or fail (default): exit status 2').choices(['all', 'fail']))
    .option('--tag <tag>', 'name of the image, repeatable; {app} stands for the app (default: {app})', collect)
    .option('--push', 'push the images, under a tag of their identity too, instead of loading them into Docker')
    .option('--platform <platform>', 'target platforms, repeatable or comma-separated', collect)
    .option('--builder <name>', 'buildx builder to use')
    .option('--cache <cache>', cacheHelp)
    .option('--reproducible', 'the same digest wherever and whenever it is built: one time for all files, no provenance')
    .option('--metadata <file>', 'write name, ref, digest and identity of each image to this file, as JSON')
    .usage('<app...> [options] [-- buildx arguments]')
    .action((apps: string[], options) =>
      choose(async (context) => (await import('./commands/all.ts')).build(context, apps, { ...options, extra: passthrough })),
    );

  add('bake', 'Write the folders of apps, and print the bake file that builds them.', [
    'stowage bake | docker buildx bake --file -',
    'stowage bake api web --tag registry.example.com/{app}:1.4 --file stowage.bake.json',
  ])
    .argument('[app...]', 'package names, folders, or . for the package you stand in (default: all apps)')
    .option('--affected', 'only apps whose image differs from that of the base, as `stowage affected` tells')
    .option('--base <commit>', "with --affected: compare with this commit (default: what the CI's event tells, else where the default branch parted)")
    .addOption(new Option('--on-unknown-base <policy>', 'with --affected: all apps, or fail (default): exit status 2').choices(['all', 'fail']))
    .option('--file <file>', 'write the bake file here instead of printing it')
    .option('--out <dir>', 'folder that the folders of the apps are written to (default: out)')
    .option('--tag <tag>', 'name of the image, repeatable; {app} stands for the app (default: {app})', collect)
    .option('--platform <platform>', 'target platforms, repeatable or comma-separated', collect)
    .option('--cache <cache>', cacheHelp)
    .option('--reproducible', 'the same digest wherever and whenever it is built: one time for all files, no provenance')
    .usage('[app...] [options] [-- options of docker buildx build]')
    .action((apps: string[], options) =>
      choose(async (context) => (await import('./commands/all.ts')).bake(context, apps, { ...options, extra: passthrough })),
    );

  add('dockerfile', 'Print the Dockerfile of an app.', ['stowage dockerfile api', 'stowage dockerfile api --check Dockerfile.api'])
    .usage('<app> [options]')
    .argument('<app>', 'package name, folder, or . for the package you stand in')
    .option('--self-contained', 'for platforms that only run `docker build .`: its first stage runs Stowage')
    .option('--context <dir>', 'with --self-contained or --check: the folder that Docker is given (default: the workspace root)')
    .option('--program <command>', 'with --self-contained: how that stage calls Stowage (default: this version, from the registry)')
    .option('--check <file>', 'say whether a generated file is stale, and what is wrong with one written by hand; exit status 1 for either')
    .action((app: string, options) => choose(async (context) => (await import('./commands/all.ts')).dockerfile(context, app, options)));

  add('affected', 'Show the images that differ from those of a base commit, and why.', [
    'stowage affected --base origin/main',
    'stowage affected --format github --on-unknown-base all',
  ])
    .option('--base <commit>', "compare with this commit (default: what the CI's event tells, else where the default branch parted)")
    .addOption(new Option('--on-unknown-base <policy>', 'all: every app counts as affected; fail (default): exit status 2').choices(['all', 'fail']))
    .addOption(
      new Option('--format <format>', 'how to print it (default: text)').choices(['text', 'names', 'json', 'github', 'gitlab', 'bake', 'markdown']),
    )
    .option('--gitlab-include <file>', 'file that defines .stowage for the jobs of --format gitlab (default: .gitlab/stowage.yml)')
    .option('--exit-code', 'exit status 1 where an image is affected')
    .action((options) => choose(async (context) => (await import('./commands/all.ts')).affected(context, options)));

  add('why', 'Say why the installs and the build of an app would run again, or why a package is in its closure.', [
    'stowage why web --base origin/main',
    'stowage why web lodash',
  ])
    .usage('<app> [package] [options]')
    .argument('<app>', 'package name, folder, or . for the package you stand in')
    .argument('[package]', 'a package of a registry or of the workspace')
    .option('--base <commit>', 'compare with this commit (default: as `stowage affected` finds it)')
    .addOption(new Option('--on-unknown-base <policy>', 'all: everything runs again; fail (default): exit status 2').choices(['all', 'fail']))
    .addOption(new Option('--format <format>', 'how to print it (default: text)').choices(['text', 'json', 'mermaid']))
    .action((app: string, wanted: string | undefined, options) =>
      choose(async (context) => (await import('./commands/all.ts')).why(context, app, wanted, options)),
    );

  add('config', 'Show each value in force, found or told, and where it comes from.', ['stowage config', 'stowage config api --json'])
    .usage('[app] [options]')
    .argument('[app]', 'package name, folder, or . for the package you stand in')
    .action((app: string | undefined) => choose(async (context) => (await import('./commands/all.ts')).config(context, app)));

  add('init', 'Show the files that a repository begins with, or write them: a config and a pipeline, Dockerfiles where asked for.', [
    'stowage init',
    'stowage init --ci gitlab --dockerfile web --write',
  ])
    .addOption(
      new Option('--ci <system>', 'whose pipeline (default: gitlab where there is a .gitlab-ci.yml, else github)').choices([
        'github',
        'gitlab',
        'none',
      ]),
    )
    .option('--dockerfile <app>', 'a self-contained Dockerfile in the folder of this app, repeatable', collect)
    .option('--vendor <dir>', 'copy this program into a folder of the repository, for these Dockerfiles to run')
    .option('--write', 'write the files')
    .option('--force', 'with --write: replace files that differ')
    .action((options) => choose(async (context) => (await import('./commands/all.ts')).init(context, options)));
  add('pin', 'Pin the base images: ask their registries for digests and write stowage.pins.json.', ['stowage pin', 'stowage pin --json']).action(() =>
    choose(async (context) => (await import('./commands/all.ts')).pin(context)),
  );

  return program;
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
