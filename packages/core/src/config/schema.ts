import * as v from 'valibot';

const text = v.pipe(v.string(), v.nonEmpty());
const texts = v.array(text);
const debianPackages = v.array(v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.+-]*(=[\w.+:~-]+)?$/, 'must be the name of a Debian package')));
const environment = v.record(v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable')), v.string());

const appEntries = {
  preset: v.optional(v.pipe(text, v.description('Preset to use in place of the one found.'))),
  include: v.optional(v.pipe(texts, v.description('Globs, from the workspace root, of further files that the build reads.'))),
  build: v.optional(v.pipe(v.union([text, v.literal(false)]), v.description('Script of the app that builds it; false where nothing is built.'))),
  start: v.optional(v.pipe(v.union([text, texts]), v.description('Command of the running app, run in its folder.'))),
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535), v.description('Port that the app listens on.'))),
  node: v.optional(v.pipe(v.number(), v.integer(), v.minValue(18), v.description('Major version of Node.'))),
  output: v.optional(v.pipe(text, v.description("Folder of a front end's built files, or of what Nx built of a program; relative to the app."))),
  publicPath: v.optional(v.pipe(text, v.startsWith('/'), v.description('Path that a front end is served under.'))),
  buildArgs: v.optional(v.pipe(environment, v.description('Build arguments with their defaults; environment of the build stage.'))),
  buildEnv: v.optional(v.pipe(environment, v.description('Fixed environment of the build, such as placeholders for its own checks.'))),
  env: v.optional(v.pipe(environment, v.description('Environment of the running app.'))),
  runtimeInclude: v.optional(v.pipe(texts, v.description("Globs, from the app's folder, of source files that the running app reads."))),
  packages: v.optional(
    v.pipe(texts, v.description('Packages of the root manifest that no source names, for a project of Nx without a manifest of its own.')),
  ),
  deps: v.optional(
    v.pipe(
      v.picklist(['needed', 'full']),
      v.description('Whether such a project installs what it needs of the root manifest, or all of it. Default: needed.'),
    ),
  ),
  rootScripts: v.optional(v.pipe(texts, v.description('Scripts of the root manifest to run in the build stage, before the builds.'))),
  systemPackages: v.optional(
    v.pipe(
      debianPackages,
      v.description('Debian packages of the install and build stages. Default: a compiler where the lockfile has packages to compile.'),
    ),
  ),
  runtimePackages: v.optional(v.pipe(debianPackages, v.description('Debian packages of the running image, such as openssl or fonts.'))),
  init: v.optional(v.pipe(v.boolean(), v.description('Whether an init process (tini) starts the app. Default: true.'))),
};

/** What one app can be told. */
export const appConfigSchema = v.strictObject(appEntries);

/** A config file at the root: defaults for all apps, and what single apps are told, by package name or folder. */
export const rootConfigSchema = v.strictObject({
  $schema: v.optional(v.string()),
  ...appEntries,
  apps: v.optional(v.record(v.string(), appConfigSchema)),
});

export type AppConfig = v.InferOutput<typeof appConfigSchema>;
export type RootConfig = v.InferOutput<typeof rootConfigSchema>;
export const appConfigKeys: readonly string[] = Object.keys(appEntries);
