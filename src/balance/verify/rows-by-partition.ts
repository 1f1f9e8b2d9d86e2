import type { TopicPartition } from '../../model/topic-partition.js';

interface TopicRows<Row> {
  /** By rising partition. */
  readonly rows: Row[];
  readonly isTaken: boolean[];
}

/** Rows by partition, each taken once; what is left over belongs to no partition. `what` names a row in `problems`. */
export function indexRows<Row extends TopicPartition>(what: string, rows: readonly Row[], problems: string[]) {
  const byTopic = new Map<string, TopicRows<Row>>();
  for (const row of rows) {
    const ofTopic = byTopic.get(row.topic);
    if (ofTopic === undefined) byTopic.set(row.topic, { rows: [row], isTaken: [] });
    else ofTopic.rows.push(row);
  }
  for (const ofTopic of byTopic.values()) {
    ofTopic.rows.sort((a, b) => a.partition - b.partition);
    ofTopic.rows.forEach(({ topic, partition }, i, sorted) => {
      if (sorted[i + 1]?.partition === partition) problems.push(`${topic}-${partition} has more than one ${what}`);
    });
  }
  return {
    take: ({ topic, partition }: TopicPartition): Row | undefined => {
      const ofTopic = byTopic.get(topic);
      if (ofTopic === undefined) return undefined;
      const at = firstFrom(ofTopic.rows, partition);
      const row = ofTopic.rows[at];
      if (row?.partition !== partition || ofTopic.isTaken[at] === true) return undefined;
      ofTopic.isTaken[at] = true;
      return row;
    },
    rest: (): void => {
      for (const [topic, { rows: ofTopic, isTaken }] of byTopic) {
        ofTopic.forEach(({ partition }, i) => {
          if (isTaken[i] !== true) problems.push(`${topic}-${partition} has a ${what} and is not in the cluster`);
        });
      }
    },
  };
}

/** Where the first row of this partition or a later one is. */
function firstFrom(rows: readonly TopicPartition[], partition: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.partition < partition) low = middle + 1;
    else high = middle;
  }
  return low;
}
