import { brokerFault } from './broker-fault.js';

export const killEmbedded = brokerFault({
  fault: 'kill',
  summary: 'Kill brokers of an embedded cluster',
  details:
    "As kill -9: its connections break at once, and after its session (broker.session.timeout.ms) the controller has others lead what it led. What it had written stays. 'embedded resume' starts it again.",
  examples: ['kafka-ts embedded kill 2', 'kafka-ts embedded kill 1 2 --name billing'],
  notNeeded: ['killed'],
  impossible: [],
});
