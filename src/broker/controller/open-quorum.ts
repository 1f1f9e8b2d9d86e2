import type { Cancel, Environment } from '../../environment/environment.js';
import { KafkaError, messageOf } from '../../model/errors.js';
import type { Uuid } from '../../model/uuid.js';
import { type MetadataRetention, metadataDirectory, openMetadataLog } from './metadata-log.js';
import { metadataRetention } from './metadata-retention.js';
import type { QuorumNode, Voter } from './quorum.js';
import { createAnswers } from './raft/answers.js';
import { cleanRegularly } from './raft/clean-regularly.js';
import { isVoter, type Member, NOBODY, resigned, timedOut } from './raft/election.js';
import { createParticipant } from './raft/participant.js';
import { openPromises } from './raft/promises.js';
import { type QuorumTiming, quorumTiming } from './raft/timing.js';

export interface QuorumOptions {
  readonly nodeId: number;
  readonly clusterId: Uuid;
  readonly voters: readonly Voter[];
  readonly dataDirectory: string;
  /** Default: Kafka's. */
  readonly timing?: QuorumTiming;
  /** Default: Kafka's. */
  readonly retention?: MetadataRetention;
}

/** Who does not answer a farewell at once is down, or finds out by itself. */
const LONGEST_FAREWELL_MS = 500;

/**
 * Opens a node's copy of the metadata log and takes part in the quorum, as a voter or as an observer. A quorum of one voter leads when this
 * resolves. Rejects with the disk's error, and with MachineError where the log belongs to other voters.
 */
export async function openQuorum(environment: Environment, options: QuorumOptions): Promise<QuorumNode> {
  const { clock, disk, log: say } = environment;
  const { nodeId, clusterId, voters, dataDirectory, timing = quorumTiming(new Map()), retention = metadataRetention(new Map()) } = options;
  const member: Member = { nodeId, voterIds: voters.map(({ id }) => id) };
  const isAlone = isVoter(member) && voters.length === 1;
  const directory = metadataDirectory(dataDirectory);
  disk.makeDirectory(directory);
  const promises = openPromises(environment, directory, member);
  let highWatermark = 0n;
  const hasPeers = voters.some(({ id }) => id !== nodeId);
  const log = await openMetadataLog(environment, { dataDirectory, highWatermark: () => highWatermark, retention, hasPeers });
  highWatermark = log.snapshots.all().at(-1)?.id.offset ?? 0n;

  const participant = createParticipant(environment, {
    ...{ clusterId, member, voters, log, promises, timing },
    highWatermark: () => highWatermark,
    raiseHighWatermark: (offset) => {
      highWatermark = offset;
    },
    onStopped: cleanRegularly(environment, log),
  });
  const { node, leadership } = participant;
  const { election, isOpen, adopt } = node;

  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    adopt(resigned(election()));
    let stopWaiting: Cancel = () => {};
    const waited = new Promise<void>((resolve) => {
      stopWaiting = clock.after(LONGEST_FAREWELL_MS, resolve);
    });
    await Promise.race([participant.farewell(), waited]);
    stopWaiting();
    participant.stop();
    await log.close();
  };

  participant.start();
  if (isAlone) {
    await new Promise<void>((resolve, reject) => {
      participant.elected.add(resolve);
      participant.resigned.add(() => reject(new Error(`the metadata log in ${directory} cannot be led`)));
      adopt(timedOut(member, election()));
    });
  }

  return {
    voters,
    get leaderId() {
      return isOpen() ? election().leaderId : NOBODY;
    },
    get leaderEpoch() {
      return election().epoch;
    },
    get startOffset() {
      return log.startOffset;
    },
    get endOffset() {
      return log.endOffset;
    },
    get highWatermark() {
      return highWatermark;
    },
    append: (records) => {
      const led = leadership();
      if (led === null) throw new KafkaError('NOT_CONTROLLER');
      try {
        log.append(records, election().epoch);
      } catch (error) {
        if (error instanceof KafkaError || !isOpen()) throw error;
        say('error', `Resigning in epoch ${election().epoch}: ${messageOf(error)}`);
        adopt(resigned(election()));
        throw new KafkaError('NOT_CONTROLLER');
      }
      led.appended();
    },
    read: log.read,
    latestSnapshot: () => log.snapshots.all().at(-1) ?? null,
    createSnapshot: (id) => (isOpen() && id.offset >= log.startOffset && id.offset <= highWatermark ? log.snapshots.create(id) : null),
    onCommitted: participant.committed.add,
    onElected: (listener) => {
      if (participant.isElected()) listener();
      return participant.elected.add(listener);
    },
    onResigned: participant.resigned.add,
    onLeaderChange: participant.leaderChanged.add,
    close: () => {
      closing ??= close();
      return closing;
    },
    ...createAnswers(node, leadership, timing),
    replicas: () => {
      const nowMs = clock.now();
      const led = leadership();
      return led && { voters: led.replicas.voters(nowMs), observers: led.replicas.observers(nowMs) };
    },
  };
}
