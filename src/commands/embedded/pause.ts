import { brokerFault } from './broker-fault.js';

export const pauseEmbedded = brokerFault({
  fault: 'pause',
  summary: 'Pause brokers of an embedded cluster',
  details:
    "As SIGSTOP: its connections stay up and nothing is answered, as of a machine that hangs. Its session ends meanwhile, and others lead what it led. 'embedded resume' lets it go on.",
  examples: ['kafka-ts embedded pause 2'],
  notNeeded: ['paused'],
  impossible: ['killed', 'starting', 'stopped'],
});
