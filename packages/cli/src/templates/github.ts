const expression = (text: string): string => `\${{ ${text} }}`;

/**
 * A workflow of GitHub Actions: one job finds the affected images, one each builds them, and one tells whether all went well, under a
 * name that stays the same.
 * @param stowage words of the command that is Stowage
 */
export function githubWorkflow(stowage: string, defaultBranch: string): string {
  return `# Builds the images that a change affects, and pushes them from ${defaultBranch}. Written by \`stowage init\`: yours to change.
name: images
on:
  push:
    branches: [${JSON.stringify(defaultBranch)}]
  pull_request:
permissions:
  contents: read
  packages: write
env:
  STOWAGE: ${stowage}
jobs:
${planJob}${imageJob}${lastJob}`;
}

/** Finds what is affected. */
const planJob = `  plan:
    runs-on: ubuntu-24.04
    outputs:
      matrix: ${expression('steps.affected.outputs.matrix')}
      any: ${expression('steps.affected.outputs.any')}
      chunks: ${expression('steps.affected.outputs.chunks')}
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # the commit to compare with
          filter: blob:none
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - id: affected
        run: $STOWAGE affected --format github --on-unknown-base all
`;

/** Builds one image, for each that is affected. */
const imageJob = `  image:
    name: image ${expression('matrix.name')}
    needs: plan
    if: needs.plan.outputs.any == 'true' # a matrix without entries is an error
    runs-on: ubuntu-24.04
    strategy:
      fail-fast: false
      matrix: ${expression('fromJSON(needs.plan.outputs.matrix)')}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - uses: docker/setup-buildx-action@v3
      - uses: actions/github-script@v7 # what BuildKit's cache of type gha reads, and no step that only runs a command is given
        with:
          script: |
            for (const name of ['ACTIONS_RUNTIME_TOKEN', 'ACTIONS_RESULTS_URL', 'ACTIONS_CACHE_URL', 'ACTIONS_CACHE_SERVICE_V2'])
              if (process.env[name]) core.exportVariable(name, process.env[name]);
      - if: github.event_name == 'push'
        uses: docker/login-action@v3
        with:
          registry: ghcr.io
          username: ${expression('github.actor')}
          password: ${expression('secrets.GITHUB_TOKEN')}
      - name: build
        env:
          APP: ${expression('matrix.app')}
          PUSH: ${expression("github.event_name == 'push' && '--push' || ''")}
        run: $STOWAGE build "$APP" --tag "ghcr.io/\${GITHUB_REPOSITORY,,}/{app}:$GITHUB_SHA" --cache type=gha --metadata images.json $PUSH
      - uses: actions/upload-artifact@v4
        with:
          name: images-${expression('matrix.target')}
          path: images.json
`;

/** Tells whether all went well. */
const lastJob = `  images: # for branch protection: its name does not depend on what is affected
    needs: [plan, image]
    if: always()
    runs-on: ubuntu-24.04
    steps:
      - env:
          RESULTS: ${expression('join(needs.*.result)')}
          CHUNKS: ${expression('needs.plan.outputs.chunks')}
        run: |
          case "$RESULTS" in *failure* | *cancelled*) exit 1 ;; esac
          if [ "\${CHUNKS:-1}" -gt 1 ]; then
            echo "::error::A matrix holds 256 images, and more are affected: add a job like image for the output matrix_2."
            exit 1
          fi
`;
