/**
 * Environment of a build that starts a preview server and asks it for pages. In a container without IPv6 beyond its own, Node listens at `::1` for
 * `localhost` and yet asks `127.0.0.1` for it; so both take the older address.
 */
export const ownPreview = { NODE_OPTIONS: '--dns-result-order=ipv4first' } as const;
