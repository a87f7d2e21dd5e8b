import { computeClosure } from './closure/compute-closure.ts';
import { explainAbsent } from './closure/imports/absent.ts';
import { type ImportReading, importReader } from './closure/imports/read-imports.ts';
import type { ImportCache } from './closure/imports/sources.ts';
import { explainUndeclared } from './closure/imports/undeclared.ts';
import { type LockedGraph, lockedGraph, lockedNames } from './closure/locked-edges.ts';
import { scriptEdges } from './closure/script-edges.ts';
import { workspacePrograms } from './closure/workspace-programs.ts';
import { atItsPlace, resolveConfig, toldByName } from './config/resolve-config.ts';
import { unreadConfigs } from './config/unread-files.ts';
import { type BuildOfApp, scriptsOfBuild } from './context/build-scripts.ts';
import { findBuildTool } from './context/build-tool.ts';
import { outerGlobs } from './context/outer-globs.ts';
import { planBuild } from './context/plan-build.ts';
import { planInstall } from './context/plan-install.ts';
import { planSources } from './context/plan-sources.ts';
import { joinResolutions } from './context/resolutions.ts';
import { rootFileFinder } from './context/root-files/find-root-files.ts';
import { rootManifestForBuild } from './context/root-manifest.ts';
import { imageIdentities } from './dockerfile/image-identities.ts';
import { planImage } from './dockerfile/plan-image.ts';
import { renderDockerfile } from './dockerfile/render.ts';
import { importersOf } from './importers.ts';
import type { Importer, PackPlan, PlannedFile, Workspace } from './model.ts';
import { nxBuildOfApp } from './nx/build.ts';
import { nxFiles } from './nx/nx-json.ts';
import { projectEdges, projectNames } from './nx/project-edges.ts';
import { planRootNeeds } from './nx/root-needs.ts';
import { rootPackages } from './nx/root-packages.ts';
import { once } from './once.ts';
import { sortedBy } from './order.ts';
import { adapterOf } from './package-managers/list.ts';
import { namesFoundAnywhere } from './package-managers/names-found-anywhere.ts';
import { filesByImporter } from './paths.ts';
import { idleKeys } from './presets/idle-keys.ts';
import { planApp } from './presets/plan-app.ts';
import { findApp } from './read/find-app.ts';

export interface PackOptions {
  /** False leaves the sources unread: the closure is what the manifests say. Default: true. */
  readonly imports?: boolean;
  /** Keeps what was read of sources between plans. */
  readonly cache?: ImportCache;
}

/**
 * Plans the image of one app: which packages, which files, which stages, which identities. Pure but for what it reads of `workspace.files`.
 * `wanted` is a package name, its folder, or `.`.
 * @throws StowageError of every code from STW2001 to STW3999
 */
export function pack(workspace: Workspace, wanted: string, options: PackOptions = {}): Promise<PackPlan> {
  return packer(workspace, options)(wanted);
}

/** `pack` for many apps of a workspace: what they have in common is read and computed once. */
export function packer(workspace: Workspace, options: PackOptions = {}): (wanted: string | Importer) => Promise<PackPlan> {
  const { files, importers, packageManager } = workspace;
  const adapter = adapterOf(packageManager.id);
  const graph = lockedGraph(workspace);
  const owned = filesByImporter(files, importers);
  const reach = reacher(workspace, graph, options);
  const findRootFiles = rootFileFinder({ importers, owned, files });
  const packages = once(() => rootPackages(workspace, graph, adapter));

  return async (wanted) => {
    const app = typeof wanted === 'string' ? findApp(workspace, wanted) : wanted;
    const told = resolveConfig(workspace, app);
    const kind = atItsPlace(workspace, app, () => planApp(workspace, app, told));
    const { config } = kind;
    const byNx = nxBuildOfApp(app, files, config) !== undefined;
    const tool = findBuildTool(workspace, config);
    const { closure, members, readings } = await reach({ app, config, tool, lifecycle: adapter.lifecycleScripts }, byNx);
    const rootFiles = findRootFiles({
      closure: members,
      imports: [...readings.values()].flatMap(({ outside }) => outside),
      include: [...(config.include ?? []), ...atItsPlace(workspace, app, () => outerGlobs(app, config))],
      tools: (tool?.files ?? []).filter((path) => files.get(path) !== undefined),
    });

    const root = importers[0] as Importer;
    const started = kind.plan.kind === 'server' ? (kind.plan.command ?? []) : [];
    const needs = planRootNeeds({ workspace, closure, owned, readings, rootFiles: rootFiles.files, packages, adapter, config, started });
    const deps = planInstall('deps', workspace, closure, graph, needs.needs);
    const prod = planInstall('prod', workspace, closure, graph, needs.needs);
    const src = planSources({
      app,
      members: closure.build.map((id) => owned.get(id) ?? []),
      rootFiles: rootFiles.files.flatMap(({ path }) => files.get(path) ?? []),
      rootManifest: rootManifestForBuild(root.manifest, deps.pruned.importers[0]?.manifest ?? {}),
      made: nxFiles(root, members, rootFiles.files, files),
      installed: deps.files,
      files,
    });
    const commands = adapter.docker(packageManager, deps.pruned);
    const steps = planBuild(workspace, closure, config, adapter.lifecycleScripts, commands);
    const resolutions = joinResolutions(deps.pruned.resolutions, prod.pruned.resolutions);
    const publicEnv = [...new Set([...readings.values()].flatMap((reading) => reading.publicEnv))].sort();
    const image = atItsPlace(workspace, app, () =>
      planImage({
        workspace,
        app,
        kind,
        config,
        closure,
        owned,
        install: deps.pruned,
        narrowed: needs.needs !== undefined,
        resolutions,
        commands,
        steps,
        publicEnv,
      }),
    );
    const dockerfile = renderDockerfile(app.name, image.stages);
    const folders = { deps: deps.files, prod: prod.files, src: src.files };
    return {
      schemaVersion: 1,
      app: { id: app.id, name: app.name, preset: kind.preset.id },
      packageManager,
      closure,
      rootFiles: rootFiles.files,
      files: plannedFiles(folders, dockerfile),
      resolutions,
      stages: image.stages,
      secrets: image.secrets,
      identities: imageIdentities(folders, image.stages, dockerfile, files),
      diagnostics: [
        ...workspace.diagnostics,
        ...explainAbsent(readings, importers, steps.made),
        ...explainUndeclared(readings, importers, { installed: namesFoundAnywhere(deps.pruned), locked: lockedNames(workspace) }),
        ...rootFiles.diagnostics,
        ...needs.diagnostics,
        // whoever names the scripts that run has chosen
        ...deps.diagnostics.filter(({ code }) => code !== 'root-script-left-out' || told.rootScripts === undefined),
        ...src.diagnostics,
        ...steps.diagnostics,
        ...image.diagnostics,
        ...unreadConfigs(files, app),
        ...idleKeys(toldByName(workspace, app), app, kind.plan, app.derived === true || byNx),
      ],
    };
  };
}

/** The closure of an app, its packages, and what their sources reach: each is read once, and none where imports are not to be read. */
function reacher(workspace: Workspace, graph: LockedGraph, { imports = true, cache }: PackOptions) {
  const { files, importers } = workspace;
  const read = importReader({ files, importers, ...(cache === undefined ? {} : { cache }) });
  const known = new Map<string, ImportReading>();
  const readingOf = async (importer: Importer): Promise<ImportReading> => {
    const reading = known.get(importer.id) ?? (imports ? await read(importer) : nothingRead);
    known.set(importer.id, reading);
    return reading;
  };
  return async (build: BuildOfApp, byNx: boolean) => {
    const { app } = build;
    const packages = { importers, byName: projectNames(importers, files), byProgram: workspacePrograms(importers) };
    const importEdgesOf = async (importer: Importer) => {
      const { edges, bundled } = await readingOf(importer);
      return [
        ...edges,
        ...(byNx ? bundled : []),
        ...projectEdges(importer, importers, files),
        ...scriptEdges(importer, scriptsOfBuild(workspace, importer, build), packages),
      ];
    };
    const closure = await computeClosure({ app, importers, graph, importEdgesOf });
    const members = importersOf(importers, closure.build);
    const readings = new Map<string, ImportReading>();
    for (const member of members) readings.set(member.id, await readingOf(member));
    return { closure, members, readings };
  };
}

const nothingRead: ImportReading = { edges: [], bundled: [], outside: [], undeclared: [], absent: [], packages: [], publicEnv: [] };

function plannedFiles(folders: Readonly<Record<'deps' | 'prod' | 'src', readonly PlannedFile[]>>, dockerfile: string): PlannedFile[] {
  const inFolders = Object.entries(folders).flatMap(([folder, files]) => files.map((file) => ({ ...file, path: `${folder}/${file.path}` })));
  const beside: PlannedFile[] = [
    { path: 'Dockerfile', mode: '100644', text: dockerfile },
    { path: '.gitignore', mode: '100644', text: '*\n' },
  ];
  return sortedBy([...inFolders, ...beside], ({ path }) => path);
}
