import { brokerFault } from './broker-fault.js';

export const resumeEmbedded = brokerFault({
  fault: 'resume',
  summary: 'Bring back brokers of an embedded cluster that were paused or killed',
  details:
    'One that was paused goes on. One that was killed starts again, with its data and on its port; the command returns when it takes connections, or at once (state: starting) while too few controllers run for that.',
  examples: ['kafka-ts embedded resume 2', 'kafka-ts embedded resume 1 2 3'],
  notNeeded: ['running', 'starting'],
  impossible: [],
});
