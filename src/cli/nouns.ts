/** The nouns of the grammar in the order of help, with the other forms that people will try. */
export const nouns: Readonly<Record<string, { readonly summary: string; readonly aliases: readonly string[] }>> = {
  topics: { summary: 'Topics and their configuration', aliases: ['topic'] },
  partitions: { summary: 'Partitions of topics', aliases: ['partition'] },
  groups: { summary: 'Groups of consumers', aliases: ['group'] },
  offsets: { summary: 'Offsets that groups have committed', aliases: ['offset'] },
  leaders: { summary: 'Which broker leads which partition', aliases: ['leader'] },
  brokers: { summary: 'Brokers, their configuration and their disks', aliases: ['broker'] },
  cluster: { summary: 'The cluster as a whole, and whether it is well', aliases: ['clusters'] },
  context: { summary: 'Clusters by name, with their security and guards', aliases: ['contexts'] },
  embedded: { summary: 'A Kafka cluster inside this program, for development and tests', aliases: [] },
};
