import { runDaemon } from './embedded/run-daemon.js';

// A rejection is a bug: Node prints it to where stderr goes, the log, and ends the process.
void runDaemon(process);
