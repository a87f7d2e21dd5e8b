/** Servers for development: what they show is not built, and changes as they run. */
export const development =
  /\b(react-scripts start|react-app-rewired start|craco start|vue-cli-service serve|webpack serve|webpack-dev-server|rsbuild dev|parcel(?! build)(?!-)|expo start|gatsby develop|nx (serve|dev)|email (start|dev)|ts-node-dev|tsx watch)\b|(^|exec )vite( dev| serve)?($| -)|--watch\b/;

/** Whether a command is one for development: nodemon, which a few run in production, is, where there is a choice. */
export function isForDevelopment(command: string): boolean {
  return development.test(command) || /\bnodemon\b/.test(command);
}

/** Compilers and bundlers, which run nothing. */
const builds = /\b(tsc|tsc-watch|rollup|tsup|tsdown|webpack|esbuild|swc|babel|microbundle|unbuild|vite build|ng build|preconstruct)\b/;

/** Whether a command only makes a package's build again at each change of its sources. */
export function watchesBuild(command: string): boolean {
  return builds.test(command) && /(?:^|\s)(?:-w|--watch)(?:$|[\s=])|\btsc-watch\b/.test(command) && !/--on-?success/i.test(command);
}
