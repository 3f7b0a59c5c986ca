// Phase fairness: 99 tenants with one run a second each, beside one that has a million runs due.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { carillon, CARILLON, cpu, HERE, ledger, median, QUICK, quiet, RUNS, sink, SINK, sleep, spent, stop, url } from './lib.mjs';
import { figure, zero } from './report.mjs';

const SMALL = 99;

// `instant`: all of the flood is due at one instant in the middle; else it has been due for an hour.
const FLOODS = { alone: () => 0, backlog: first_ms => first_ms - 3600e3, instant: (first_ms, seconds) => first_ms + seconds * 500 };

function fill(flood_ms, first_ms, seconds, count) {
	const values = { flood_ms, first_ms, seconds, count, small: SMALL, sink: SINK };
	execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...Object.entries(values).flatMap(([name, value]) => ['-v', `${name}=${value}`]),
		'-f', path.join(HERE, 'seeds', 'flood.sql'), url('carillon')], { stdio: ['ignore', 'ignore', 'inherit'] });
}

// Due times are from `lead_ms` after the filling begins, so the filling must take less; the server starts when it is done.
async function watch(shape, seconds, count) {
	await stop(await carillon()); // makes the tables
	const lead_ms = shape === 'alone' ? 10e3 : 10e3 + count / 10, first_ms = Date.now() + lead_ms;
	fill(FLOODS[shape](first_ms, seconds), first_ms, seconds, count);
	if (Date.now() > first_ms - 3e3)
		throw new Error('the filling took too long');
	await sleep(first_ms - 3e3 - Date.now());
	const server = await carillon({ keep: true });
	try {
		await sleep(first_ms - Date.now() - 250);
		await sink.reset(); // of the flood only what comes beside the others is counted
		const before = cpu({ server: server.pid });
		await sleep(seconds * 1e3 + 250);
		const used = spent(before, cpu({ server: server.pid })), flood = (await sink.stats()).anonymous, stats = await sink.until(SMALL * seconds, 60e3);
		const result = { p50: stats.late_ms.p50, p99: stats.late_ms.p99, ...ledger(stats, SMALL * seconds), used, other: used.other,
			flood_per_s: Math.round(flood / (seconds + 0.5)) };
		console.error(`  ${shape}: p50 ${result.p50} ms, p99 ${result.p99} ms, ${result.flood_per_s} of the flood a second (others used ${used.other} core)`);
		return result;
	} finally {
		await stop(server);
	}
}

export async function fairness() {
	if (!CARILLON)
		return;
	const count = +(process.env.MILLION || (QUICK ? 50000 : 1000000)), seconds = +(process.env.FAIR_S || (QUICK ? 5 : 20));
	const shapes = Object.keys(FLOODS), rounds = [];
	for (let i = 0; i < RUNS; i++) { // each round has all shapes: a machine that is slower for a while is so for all of them
		const round = {};
		for (const shape of shapes) {
			await quiet();
			round[shape] = await watch(shape, seconds, count);
		}
		rounds.push(round);
	}
	const p99 = Object.fromEntries(shapes.map(shape => [shape, median(rounds.map(round => round[shape].p99))]));
	for (const shape of shapes.slice(1)) {
		const name = shape === 'instant' ? 'due at one instant' : 'overdue';
		figure(`lateness p99 of ${SMALL} tenants beside one with ${count.toLocaleString('en')} runs ${name}`, 'ms', p99[shape], { alone: p99.alone },
			[{ of: 'alone', than: p99.alone, at_most: 2, first: 2 }], { rounds });
		figure(`of these, lost beside runs ${name}`, 'runs', rounds.reduce((sum, round) => sum + round[shape].lost, 0), {}, [zero('must be')]);
	}
}
