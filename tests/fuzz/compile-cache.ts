import { join } from 'node:path';
import { toolCache } from '../kit/released-program.ts';

/** Most of a small install is the start of its program. */
export const compileCache = join(toolCache, 'compiled');
