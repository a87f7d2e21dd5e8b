/**
 * What a file of an importer is to its build.
 * - `source`: part of the program.
 * - `support`: the build reads it, or may (configuration of a build tool, scripts, documentation, examples): what it imports
 *   belongs into the closure, but a package that it does not declare is no news.
 * - `none`: tests, stories and the configuration of tools that build nothing.
 */
export type FileRole = 'source' | 'support' | 'none';

const TEST_FILE = /\.(?:test|spec|e2e|e2e-spec|stories|story|cy|bench)(?:\.[\w-]+)*\.\w+$|(?:^|\/)(?:setupTests|(?:jest|vitest|test)[.-]setup)\.\w+$/;
const TEST_FOLDER_ANYWHERE = /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|__snapshots__)\//;
/** As a part of the program's own tree (`src/routes/tests/`), these words may mean anything. */
const TEST_FOLDER_ON_TOP = /^(?:src\/)?(?:tests?|e2e|specs?|fixtures|cypress|playwright)\/|^(?:\.storybook|\.husky|\.github|\.vscode|\.yarn|turbo)\//;
const SUPPORT_FOLDER = /^(?:docs?|examples?|demos?|scripts|tools|bench(?:marks?)?)\//;

/** Tools that check, test, format or release: no build reads their configuration. */
const CHECKING_TOOL =
  /^\.?(?:jest|vitest|ava|karma|wdio|playwright|cypress|eslint|oxlint|prettier|stylelint|commitlint|lint-staged|lintstaged|knip|renovate|release|semantic-release|syncpack|codecov|nyc|c8|mocharc|czrc|cz|huskyrc|storybook|chromatic|size-limit|dependency-cruiser)(?:rc)?(?=[.-]|$)/;
const BUILD_CONFIG =
  /^(?:[\w.-]+\.config(?:\.[\w-]+)*\.(?:[cm]?[jt]s|json)|[\w.-]+\.conf\.[cm]?js|\.(?:babel|postcss|swc|browserslist|linguist)rc(?:\.\w+)?|(?:webpack|rollup|vite|esbuild|build|gulpfile|Gruntfile|metro|ember-cli-build|gatsby-[\w-]+)(?:[.-][\w.-]+)?\.[cm]?[jt]s|(?:nest-cli|angular|project)\.json)$/;

/** Whether a file on top of an importer's folder configures a tool that builds. `name` is the bare file name. */
export function isBuildConfig(name: string): boolean {
  return BUILD_CONFIG.test(name) && !CHECKING_TOOL.test(name);
}

/** The role of a file by its path relative to the importer's folder. */
export function fileRole(path: string): FileRole {
  if (TEST_FILE.test(path) || TEST_FOLDER_ANYWHERE.test(path) || TEST_FOLDER_ON_TOP.test(path)) return 'none';
  if (SUPPORT_FOLDER.test(path)) return 'support';
  if (path.includes('/')) return 'source';
  if (CHECKING_TOOL.test(path)) return 'none';
  return isBuildConfig(path) ? 'support' : 'source';
}
