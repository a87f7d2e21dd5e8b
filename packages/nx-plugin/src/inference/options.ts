/** Options of the plugin's entry in nx.json. */
export interface StowagePluginOptions {
  /** Name of the target that builds the image. Default: `docker`. */
  readonly dockerTargetName?: string;
  /** Name of the target that writes the folder that Docker builds from. Default: `docker-prune`. */
  readonly pruneTargetName?: string;
  /** Name of the target that runs the image. Default: `docker-run`. */
  readonly runTargetName?: string;
}
