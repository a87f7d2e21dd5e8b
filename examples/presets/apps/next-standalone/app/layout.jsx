export const metadata = { title: 'Gallery: next-standalone' };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
