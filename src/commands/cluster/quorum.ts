import { durationText } from '../../render/duration-text.js';
import { document } from '../command.js';
import { type MeasuredQuorum, type MeasuredReplica, measureQuorum } from './quorum-replica.js';

interface Quorum extends MeasuredQuorum {
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly highWatermark: bigint;
  /** Of the voter that is furthest behind. */
  readonly maxFollowerLag: bigint;
  readonly maxFollowerLagMs: number | null;
}

export const clusterQuorum = document({
  needs: 'cluster',
  summary: 'Show the quorum of controllers: its leader, its voters and observers, and how far each is behind',
  arguments: [],
  options: {},
  examples: ['kafka-ts cluster quorum', 'kafka-ts cluster quorum -o json'],
  parse: () => ({}),
  run: async ({ admin }, _options, { signal }): Promise<Quorum> => {
    const quorum = await admin.describeQuorum({ signal });
    const { voters, observers } = measureQuorum(quorum);
    const [furthest] = [...voters].sort((a, b) => (a.lag === b.lag ? 0 : a.lag > b.lag ? -1 : 1));
    return {
      leader: quorum.leader,
      leaderEpoch: quorum.leaderEpoch,
      highWatermark: quorum.highWatermark,
      maxFollowerLag: furthest?.lag ?? 0n,
      maxFollowerLagMs: furthest === undefined ? 0 : furthest.lagMs,
      voters,
      observers,
    };
  },
  view: {
    name: ({ leader }) => String(leader),
    heading: [
      { head: 'LEADER', cell: ({ leader }) => String(leader) },
      { head: 'EPOCH', cell: ({ leaderEpoch }) => String(leaderEpoch) },
      { head: 'HIGH WATERMARK', cell: ({ highWatermark }) => String(highWatermark) },
    ],
    lines: ({ voters, observers }): readonly MeasuredReplica[] => [...voters, ...observers],
    columns: [
      { head: 'NODE', cell: ({ node }) => String(node), align: 'right' },
      { head: 'ROLE', cell: ({ role }) => role },
      { head: 'END', cell: ({ logEndOffset }) => String(logEndOffset), align: 'right' },
      { head: 'LAG', cell: ({ lag }) => String(lag), align: 'right' },
      { head: 'TIME', cell: ({ lagMs }) => (lagMs === null ? '' : durationText(lagMs)), align: 'right' },
      { head: 'LAST FETCH', cell: ({ silentMs }) => (silentMs === null ? '' : `${durationText(silentMs)} ago`), align: 'right' },
      {
        head: 'ENDPOINTS',
        cell: ({ endpoints }) => endpoints?.map(({ listener, host, port }) => `${listener}://${host}:${port}`).join(' ') ?? '',
        optional: true,
      },
      { head: 'DIRECTORY ID', cell: ({ directoryId }) => directoryId ?? '', wide: true },
    ],
  },
});
