/** Stowage itself, where a root lists it: no build needs it, and a new version of it is no reason to install again. */
export const ownPackages: readonly string[] = ['stowage', '@stowage/core', '@stowage/nx'];
