import { Links, Meta, Outlet, Scripts } from '@remix-run/react';

export function Layout({ children }) {
  return (
    <html lang="en">
      <head>
        <title>Gallery</title>
        <link rel="icon" href="data:," />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <Scripts />
      </body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}
