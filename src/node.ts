import { runNode } from './embedded/run-node.js';

// A rejection is a bug: Node prints it to where stderr goes, and ends the process.
void runNode(process);
