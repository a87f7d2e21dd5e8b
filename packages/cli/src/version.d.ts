/** The package's version, put in by the bundler. */
declare const STOWAGE_VERSION: string;
