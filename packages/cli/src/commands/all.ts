export { affected } from './affected.ts';
export { bake } from './bake.ts';
export { build } from './build.ts';
export { config } from './config.ts';
export { dockerfile } from './dockerfile.ts';
export { list } from './list.ts';
export { prune } from './prune.ts';
export { why } from './why.ts';
