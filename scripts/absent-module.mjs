// Stands in dist/ for modules that a package asks for and that are never used here (build.mjs): node:child_process in commander, which
// starts subcommands that are programs of their own, and takes as long to load as the command tree to build; @colors/colors in cli-table3.
export {};
