// main.mjs [PHASE...]: runs the phases in order; run.sh has prepared everything. README.md defines the numbers.
import path from 'node:path';
import { bulk, creates, get } from './creates.mjs';
import { burst, late } from './deliver.mjs';
import { fairness } from './fairness.mjs';
import { BIN, CARILLON, PEERS, PORT, QUICK, RIGS, RUNS, start, stop } from './lib.mjs';
import { summary } from './report.mjs';
import { stats } from './stats.mjs';
import { cron, lists, million } from './table.mjs';

const phases = { creates, bulk, burst, late, fairness, get, million, cron, lists, stats };
const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !phases[name]);
if (unknown.length) {
	console.error(`no phase ${unknown.join(', ')}; there are ${Object.keys(phases).join(' ')}`);
	process.exit(2);
}

console.log(`bench: ${RUNS} run(s) each${QUICK ? ', quick' : ''}; Carillon: ${CARILLON || 'none'}; peers: ${PEERS.join(', ') || 'none'}; shared rigs: ${RIGS || 'none'}`);
const sink = await start('sink', path.join(BIN, 'sink'), [String(PORT.sink)]);
let broken = 0;
for (const name of wanted.length ? wanted : Object.keys(phases)) {
	console.log(`\n== ${name}`);
	try {
		await phases[name]();
	} catch (error) {
		broken++;
		console.log(`FAILED ${name}: ${error.message}`);
	}
}
await stop(sink);
process.exit(summary() || broken ? 1 : 0);
