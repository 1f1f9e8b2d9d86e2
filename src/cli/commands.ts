import type { Command } from '../commands/command.js';

/** Every command by its path, each loaded only when it runs (and when the manifest is made). The order is that of help. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  'topics list': async () => (await import('../commands/topics/list.js')).listTopics,
  'topics describe': async () => (await import('../commands/topics/describe.js')).describeTopics,
  'topics create': async () => (await import('../commands/topics/create.js')).createTopics,
  'topics alter': async () => (await import('../commands/topics/alter.js')).alterTopics,
  'topics delete': async () => (await import('../commands/topics/delete.js')).deleteTopics,
  'partitions add': async () => (await import('../commands/partitions/add.js')).addPartitions,
  'groups list': async () => (await import('../commands/groups/list.js')).listGroups,
  'groups describe': async () => (await import('../commands/groups/describe.js')).describeGroups,
  'groups lag': async () => (await import('../commands/groups/lag.js')).groupLag,
  'leaders list': async () => (await import('../commands/leaders/list.js')).listLeaders,
  'leaders balance': async () => (await import('../commands/leaders/balance.js')).balanceLeaders,
  'leaders elect': async () => (await import('../commands/leaders/elect.js')).electLeaders,
  'leaders rollback': async () => (await import('../commands/leaders/rollback.js')).rollbackLeaders,
  'leaders simulate': async () => (await import('../commands/leaders/simulate.js')).simulateLeaders,
  'leaders snapshot': async () => (await import('../commands/leaders/snapshot.js')).snapshotLeaders,
  'embedded start': async () => (await import('../commands/embedded/start.js')).startEmbedded,
  'embedded stop': async () => (await import('../commands/embedded/stop.js')).stopEmbedded,
  'embedded status': async () => (await import('../commands/embedded/status.js')).embeddedStatus,
  'embedded run': async () => (await import('../commands/embedded/run.js')).runEmbedded,
  'embedded kill': async () => (await import('../commands/embedded/kill.js')).killEmbedded,
  'embedded pause': async () => (await import('../commands/embedded/pause.js')).pauseEmbedded,
  'embedded resume': async () => (await import('../commands/embedded/resume.js')).resumeEmbedded,
  'embedded reset': async () => (await import('../commands/embedded/reset.js')).resetEmbedded,
  completion: async () => (await import('../commands/completion.js')).completion,
};
