import type { Manifest } from './manifest.js';

/** Put in by the build (scripts/build.mjs). */
declare const MANIFEST: Manifest;

/** Of the built program alone: tests make their own from the commands. */
export const builtManifest: Manifest = MANIFEST;
