import * as v from 'valibot';

/** Each check says what a value must be: `must ...`. */
const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));
const texts = v.array(text);
const variable = v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable'));
const line = v.pipe(v.string(), v.regex(/^\P{Cc}*$/u, 'must be one line, without control characters'));
const environment = v.record(variable, line);
const systemPackages = v.array(v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.+-]*(=[\w.+:~-]+)?$/, 'must be the name of a package of the system')));
const whole = v.pipe(v.number(), v.integer('must be a whole number'));
const port = v.pipe(whole, v.minValue(1, 'must be a port, from 1 to 65535'), v.maxValue(65535, 'must be a port, from 1 to 65535'));
const relativePath = v.pipe(text, v.regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[\w@./+-]+$/, 'must be a path below the app'));
const absolutePath = v.pipe(text, v.regex(/^\/[\w@./+-]+$/, 'must be an absolute path'));
const urlPath = v.pipe(text, v.startsWith('/', 'must begin with /'), v.regex(/^[\w@.~+/-]*$/, 'must be the path of a URL'));
const imageName = v.pipe(text, v.regex(/^[\w.-]+(?::\d+)?(?:\/[\w.-]+)*(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/, 'must be the name of an image'));
/** Images that generated stages start from, and the folders and registries of these. */
const generatedImage =
  /^(?:docker\.io(?:\/library)?|(?:docker\.io\/library\/)?(?:node|debian)|(?:docker\.io\/)?nginxinc(?:\/nginx-unprivileged)?|gcr\.io(?:\/distroless(?:\/nodejs\d+-debian12)?)?)(?::[\w.-]+)?$/;
const address = v.pipe(text, v.startsWith('/', 'must begin with /'), v.regex(/^[\w@.~+/?=&%:,-]*$/, 'must be the path of a URL'));

/** A key with what it means, for the JSON Schema. */
const told = <Schema extends v.GenericSchema>(schema: Schema, description: string) => v.optional(v.pipe(schema, v.description(description)));

const appEntries = {
  preset: told(text, 'Preset to use in place of the one found.'),
  include: told(texts, 'Globs, from the workspace root, of further files that the build reads.'),
  build: told(v.union([text, v.literal(false)]), 'Script that builds the package; false where nothing is built.'),
  buildWith: told(
    v.picklist(['package-manager', 'turbo', 'nx']),
    "What runs the closure's builds. Default: turbo or nx where the repository uses it.",
  ),
  start: told(v.union([text, texts]), 'Command of the running app, run in its folder.'),
  beforeStart: told(text, 'Shell command that must succeed before the app starts, such as a migration.'),
  port: told(port, 'Port that the app listens on.'),
  expose: told(v.array(port), 'Further ports that the image tells of.'),
  node: told(v.pipe(whole, v.minValue(18, 'must be 18 or more')), 'Major version of Node.'),
  runtime: told(v.picklist(['slim', 'distroless', 'alpine']), 'Base of the running image. Default: slim.'),
  baseImages: told(
    v.record(
      v.pipe(v.string(), v.regex(generatedImage, 'must be an image that Stowage takes, such as node:24-slim, or its repository or registry')),
      imageName,
    ),
    "Images to take in place of Stowage's: by whole name, as node:24-slim, or by repository or registry, as docker.io, whose rest is kept.",
  ),
  output: told(text, "Folder of a front end's built files, or of what Nx built of a program; relative to the app."),
  publicPath: told(urlPath, 'Path that a front end is served under.'),
  fallback: told(
    v.union([relativePath, v.literal(false)]),
    "File of a front end, in its output, that answers for a path that is no file; false for the site's 404.html. Default: by the preset.",
  ),
  buildArgs: told(environment, 'Build arguments with their defaults; environment of the build stage.'),
  buildEnv: told(environment, 'Fixed environment of the build, such as placeholders for its own checks.'),
  buildSecrets: told(v.array(variable), 'Variables that the build reads as secrets: mounted while it runs, never part of a layer.'),
  buildCache: told(v.array(relativePath), "Folders of the app, besides the framework's own, that builds keep for the next: cache mounts."),
  buildRows: told(v.boolean(), 'Whether packages are copied and built row by row, where no task runner builds them. Default: true.'),
  env: told(environment, 'Environment of the running app.'),
  runtimeInclude: told(texts, "Globs, from the app's folder or above it (../), of source files that the running app reads."),
  packages: told(texts, 'Packages that the image has besides, where what was built is copied alone; in an app that Nx builds, of the root manifest.'),
  deps: told(v.picklist(['needed', 'full']), 'Whether such an app installs what it needs of the root manifest, or all of it. Default: needed.'),
  rootScripts: told(texts, 'Scripts of the root manifest to run in the build stage, before the builds.'),
  init: told(v.boolean(), 'Whether an init process (tini) starts the app. Default: true.'),
  healthcheck: told(v.union([address, texts]), 'Path that answers while the app is well, or the words of a command.'),
  labels: told(v.record(v.pipe(v.string(), v.regex(/^[\w./-]+$/, 'must be the name of a label')), line), 'Labels of the image.'),
  volumes: told(v.array(absolutePath), 'Folders of the running image that hold data: made, writable for the app, and declared as volumes.'),
  systemPackages: told(
    systemPackages,
    'Debian packages of the install and build stages. Default: a compiler where the lockfile has packages that may be compiled.',
  ),
  runtimePackages: told(systemPackages, 'Debian packages of the running image, such as fonts. Default: what Prisma and Puppeteer need.'),
  browsers: told(
    v.array(v.picklist(['chromium', 'chromium-headless-shell', 'firefox', 'webkit'])),
    'Browsers of Playwright that the running image has. Default: chromium where the app depends on playwright to run.',
  ),
};

const schemaReference = { $schema: v.optional(v.string()) };

/** What one app can be told. */
export const appConfigSchema = v.strictObject(appEntries);

/** A config file in the folder of an app. */
export const appFileSchema = v.strictObject({ ...schemaReference, ...appEntries });

/** A config file at the root: defaults for all apps, and what single apps are told, by package name or folder. */
export const rootConfigSchema = v.strictObject({
  ...schemaReference,
  ...appEntries,
  apps: told(v.record(v.string(), appConfigSchema), 'What single apps are told, by package name or folder.'),
});

export type AppConfig = v.InferOutput<typeof appConfigSchema>;
export type RootConfig = v.InferOutput<typeof rootConfigSchema>;
export const appConfigKeys: readonly string[] = Object.keys(appEntries);

/** A key and what it means, in the words of the schema. */
export function describeKey(key: string | undefined): string {
  const entry = appEntries[key as keyof typeof appEntries] as { readonly wrapped: v.GenericSchema } | undefined;
  return entry === undefined ? `Known keys: ${appConfigKeys.join(', ')}.` : `${key}: ${v.getDescription(entry.wrapped)}`;
}
