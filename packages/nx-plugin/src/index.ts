export { createNodes, createNodes as createNodesV2 } from './inference/create-nodes.ts';
export type { StowagePluginOptions } from './inference/options.ts';
