import { ClientOnly, createRootRoute, HeadContent, Outlet, Scripts } from '@tanstack/react-router';

export const Route = createRootRoute({
  head: () => ({ meta: [{ title: 'Gallery' }], links: [{ rel: 'icon', href: 'data:,' }] }),
  component: () => (
    <html lang="en">
      <head>
        <HeadContent />
      </head>
      <body>
        {/* The shell holds no page: one that the browser has at once, before it took the shell over, would not match it (TanStack/router#8473). */}
        <ClientOnly>
          <Outlet />
        </ClientOnly>
        <Scripts />
      </body>
    </html>
  ),
});
