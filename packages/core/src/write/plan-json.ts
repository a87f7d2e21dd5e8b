import type { PackPlan } from '../model.ts';

/** The plan without texts: what `plan.json` holds. */
export function planJson(plan: PackPlan): string {
  const files = plan.files.map((file) => ('text' in file ? { path: file.path, mode: file.mode } : file));
  return `${JSON.stringify({ ...plan, files }, null, 2)}\n`;
}
