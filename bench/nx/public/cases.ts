/** An app of a public Nx workspace, at a commit. */
export interface PublicCase {
  /** Of GitHub. */
  readonly repository: string;
  readonly commit: string;
  readonly app: string;
  readonly about: string;
  /** Files that are added: what a user of the repository would write for Stowage. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where the container is asked, and what the answer holds. Absent where the build needs more of a network than a registry. */
  readonly asked?: { readonly port: number; readonly path: string; readonly holds: string };
}

const angularTemplate = { repository: 'nrwl/angular-template', commit: '5969beeaecedddedf1beb7ffba44f1012a2eeddf' };
const reactTemplate = { repository: 'nrwl/react-template', commit: '480555c05e1681eeb8e5ad9e343bcc4ba9a4d3c2' };
const taskManager = { repository: 'euecheruo/task-manager-nx-workspace', commit: '175b135b0c490d8414de9521be5719f7bc28b585' };

export const publicCases: readonly PublicCase[] = [
  {
    ...angularTemplate,
    app: 'api',
    about: 'Express on esbuild, Nx 23.0, npm',
    asked: { port: 3000, path: '/api/products', holds: '"success":true' },
  },
  {
    ...angularTemplate,
    app: 'shop',
    about: 'Angular 21 with a server, Nx 23.0, npm',
    asked: { port: 4000, path: '/products', holds: '<app-root' },
  },
  {
    ...taskManager,
    app: 'taskmanagerchallengeapp',
    about: 'Angular 20, Nx 22.1, npm',
    asked: { port: 8080, path: '/', holds: '<app-root' },
  },
  {
    repository: 'rfprod/nx-ng-starter',
    commit: '3c2935d6a62750681a82871d7de220d2d92636a6',
    app: 'api',
    about: 'Nest on webpack (GraphQL, gRPC), Nx 22.6, yarn 4.13',
    files: {
      'apps/api/stowage.json': '{ "include": ["tools/proto/**"], "port": 8080 }\n',
      // As the repository's own Dockerfile does: the app reads both by paths that it makes at run time.
      'apps/api/stowage.Dockerfile': `FROM runtime
COPY --from=stowage-src /tools/proto /app/dist/apps/tools/proto
COPY --from=stowage-src /libs/backend-gql/schema.gql /app/apps/api/schema.gql
`,
    },
    asked: { port: 8080, path: '/index.html', holds: '<html' },
  },
  {
    ...reactTemplate,
    app: '@org/api',
    about: 'manifests of workspaces; Express on esbuild, Nx 23.0, npm',
    asked: { port: 3000, path: '/api/products', holds: '"success":true' },
  },
  {
    ...reactTemplate,
    app: '@org/shop',
    about: 'manifests of workspaces; React 19 on Vite, Nx 23.0, npm',
    asked: { port: 8080, path: '/products', holds: 'id="root"' },
  },
  {
    repository: 'stefanoslig/angular-ngrx-nx-realworld-example-app',
    commit: 'f773cdecccc674f5e145410cc0f88e4841a21a3c',
    app: 'conduit',
    about: "Angular on esbuild, Nx 22.6, npm; Angular writes Google's style sheet into the page",
  },
  {
    repository: 'ghostfolio/ghostfolio',
    commit: 'c542997d27990365b607c7a6c9fe4bc8835a55c8',
    app: 'api',
    about: 'Nest on webpack, Nx 23.1, npm; Prisma fetches its engines',
  },
];
