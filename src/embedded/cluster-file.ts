import type { Uuid } from '../model/uuid.js';
import { asFields, booleanField, type Fields, integerField, type StateFormat, stringField } from './state-file.js';

/** What lasts of an embedded cluster from one start to the next. The number of nodes is fixed when it is made. */
export interface ClusterFile {
  readonly clusterId: Uuid;
  readonly nodes: readonly ClusterNode[];
  /** Each node is a process of its own. */
  readonly isolate: boolean;
  /** Absolute; null for `data` in the instance's own directory. */
  readonly dataDirectory: string | null;
  /** What `--config` gave, by Kafka's names. */
  readonly configs: Readonly<Record<string, string>>;
}
export interface ClusterNode {
  readonly id: number;
  /** Of the client listener: taken again at the next start, so that what clients were told stays true. */
  readonly port: number;
  readonly rack: string | null;
}

export const clusterFormat: StateFormat<ClusterFile> = {
  version: 2,
  migrations: [withoutRacks],
  parse: (fields) => {
    const nodes = fields.nodes;
    if (!Array.isArray(nodes) || nodes.length === 0) throw new SyntaxError('nodes is not a list of nodes');
    return {
      clusterId: stringField(fields, 'clusterId'),
      nodes: nodes.map((node: unknown) => {
        const nodeFields = asFields(node, 'a node');
        return {
          id: integerField(nodeFields, 'id'),
          port: integerField(nodeFields, 'port'),
          rack: nodeFields.rack === null ? null : stringField(nodeFields, 'rack'),
        };
      }),
      isolate: booleanField(fields, 'isolate'),
      dataDirectory: fields.dataDirectory === null ? null : stringField(fields, 'dataDirectory'),
      configs: Object.fromEntries(
        Object.entries(asFields(fields.configs, 'configs')).map(([name, value]) => {
          if (typeof value !== 'string') throw new SyntaxError(`configs: ${name} is not a string`);
          return [name, value];
        }),
      ),
    };
  },
};

/** Version 1 was of one node without a rack, in the background process itself. */
function withoutRacks(older: Fields): Fields {
  const nodes = Array.isArray(older.nodes)
    ? older.nodes.map((node: unknown) => ({ ...asFields(node, 'a node'), rack: null }))
    : older.nodes;
  return { ...older, nodes, isolate: false };
}
