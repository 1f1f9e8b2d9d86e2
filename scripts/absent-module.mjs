// Stands for node:child_process in dist/cli.cjs (build.mjs): commander asks for it at its start and uses it only for subcommands
// that are programs of their own, of which kafka-ts has none; loading it takes as long as building the command tree.
export {};
