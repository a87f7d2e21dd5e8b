/** Images that the stages start from. */
export const nodeImage = (major: number): string => `node:${major}-slim`;
export const staticServerImage = 'nginxinc/nginx-unprivileged:stable';
