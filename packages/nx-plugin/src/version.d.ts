/** The package's version, put in when it is built. */
declare const STOWAGE_VERSION: string;
