// Phases burst and late: from due to delivered.
import fs from 'node:fs';
import path from 'node:path';
import { api, BIN, carillon, CARILLON, cpu, fresh, ledger, peak_mb, peer, peer_env, peer_script, PEERS, QUICK, repeated, RIGS,
	run, SINK, sink, sleep, spent, sql, start, stop } from './lib.mjs';
import { jobBody } from './peers/body.mjs';
import { figure, zero } from './report.mjs';

const CALL = 1000;

// Carillon's tasks, by arrays; answers the ids.
async function fill_carillon(count, first_ms, step_ms) {
	for (let from = 0; from < count; from += CALL) {
		const tasks = Array.from({ length: Math.min(CALL, count - from) }, (_, i) => {
			const due = first_ms + (from + i) * step_ms;
			return { target: `${SINK}/hook`, payload: jobBody(`j${from + i}`, due), execute_after: new Date(due).toISOString() };
		});
		await api('POST', '/v1/tasks', tasks);
	}
}

const subjects = {
	carillon: {
		start: () => carillon(),
		fill: (count, first_ms, step_ms) => fill_carillon(count, first_ms, step_ms),
		async left(count) {
			const total = async status => (await api('GET', `/v1/tasks?status=${status}&limit=1`)).total;
			return count - await total('completed');
		},
	},
	// The shared rig: rows put into its table by SQL, claimed by lease.
	mini_dispatch: {
		async start(kind, count) {
			fresh('mini');
			const script = fs.readFileSync(path.join(RIGS, 'limits', 'claim.sql'), 'utf8').replace(/:n\b/g, '0').replace(/:ff\b/g, '100');
			for (const statement of script.split(/;\s*$/m).filter(each => each.replace(/--.*/g, '').trim()))
				sql('mini', statement);
			return start('mini_dispatch', path.join(BIN, 'mini_dispatch'), ['lease', String(count), '64', '500'],
				{ env: { PGHOST: path.join(process.env.PG_FOLDER, 'sock'), PGUSER: 'postgres', PGDATABASE: 'mini', SINK_URL: `${SINK}/hook` } });
		},
		fill: async (count, first_ms, step_ms) => sql('mini', `insert into b_job (schedule_id, url, payload, due_at)
			select 1, '${SINK}/hook', jsonb_build_object('bench_id', 'j' || g, 'due_ms', ${first_ms} + g * ${step_ms}::float8,
			'order', jsonb_build_object('id', 12345, 'total', 99.5), 'note', 'please ship before noon, ring twice; the gate is open'),
			to_timestamp((${first_ms} + g * ${step_ms}::float8) / 1000) from generate_series(0, ${count - 1}) g`),
		left: async () => +sql('mini', 'select count(*) from b_job where state <> 2'),
	},
};
for (const name of PEERS)
	subjects[name] = {
		async start(kind) {
			fresh('peer');
			await peer('fill.mjs', name, 'reset');
			return start(`${name}-worker`, process.env.NODE, peer_script('worker.mjs', name, kind, SINK), { env: peer_env() });
		},
		fill: (count, first_ms, step_ms) => peer('fill.mjs', name, 'jobs', count, first_ms, step_ms),
		left: async () => (await peer('fill.mjs', name, 'left')).left,
	};

// What was delivered may still wait to be recorded: 20 s are allowed for that.
async function settled(left) {
	const end = Date.now() + 20e3;
	for (;;) {
		const count = await left();
		if (count === 0 || Date.now() > end)
			return count;
		await sleep(200);
	}
}

// `count` jobs, the first due `lead_ms` from now, then one every step_ms; from a little before the first is due
// until a little after the last has come.
async function deliveries(name, kind, { count, lead_ms, step_ms }) {
	const subject = subjects[name], server = await subject.start(kind, count);
	try {
		await sink.reset();
		const first_ms = Date.now() + lead_ms;
		await subject.fill(count, first_ms, step_ms);
		if (Date.now() > first_ms - 300)
			throw new Error('created too late: raise LEAD_MS');
		await sleep(first_ms - Date.now() - 250);
		const before = cpu({ server: server.pid });
		await sink.until(count, count * step_ms + 60e3);
		await sleep(700);
		const used = spent(before, cpu({ server: server.pid })), stats = await sink.stats();
		return { ...stats, ...ledger(stats, count), left: await settled(() => subject.left(count)), p50: stats.late_ms.p50, p99: stats.late_ms.p99,
			drained_s: +((stats.last_ms - first_ms) / 1e3).toFixed(3), peak_mb: peak_mb(server.pid),
			cpu_s_per_1000: +(((used.server || 0) + (used.postgres || 0)) / count * 1e3).toFixed(4), used, other: used.other };
	} finally {
		await stop(server);
	}
}

const best = (results, key, better) => PEERS.map(name => results[name]?.[key]).filter(value => value > 0).sort((a, b) => better * (a - b))[0];
const of_all = (results, key) => Object.fromEntries(Object.entries(results).map(([name, each]) => [name, each?.[key]]));

function ledger_figure(phase, ours) {
	for (const what of ['lost', 'duplicates', 'left'])
		figure(`${phase}: ${what}`, 'tasks', ours?.[what], {}, [zero('must be')]);
}

export async function burst() {
	const count = +(process.env.BURST || 20000), plan = { count, lead_ms: +(process.env.LEAD_MS || 9000), step_ms: 0 };
	const results = {};
	const alone = await repeated('curl_only', 'per_s', async () => {
		const before = cpu(), result = await run(path.join(BIN, 'curl_only'), [`${SINK}/hook`, String(count * 2), '64']);
		return { ...result, other: spent(before, cpu()).other };
	});
	for (const name of [...PEERS, ...RIGS ? ['mini_dispatch'] : [], ...CARILLON ? ['carillon'] : []])
		results[name] = await repeated(`${name} burst`, 'per_s', () => deliveries(name, 'burst', plan));
	const { carillon: ours, ...others } = results, fastest = best(results, 'per_s', -1), cheapest = best(results, 'cpu_s_per_1000', 1);
	figure(`${count} due at one instant`, 'deliveries/s', ours?.per_s, { ...of_all(others, 'per_s'), curl_only: alone?.per_s }, [
		...PEERS.length ? [{ of: 'best peer', than: fastest, at_least: 2.5, first: 1.5 }] : [],
		{ of: 'curl_only', than: alone?.per_s, at_least: 0.8, first: 0.5 },
	], { run: ours, others });
	figure('CPU of server and PostgreSQL for 1,000 deliveries', 's', ours?.cpu_s_per_1000, of_all(others, 'cpu_s_per_1000'),
		PEERS.length ? [{ of: 'best peer', than: cheapest, at_most: 1 / 3, first: 1 / 2 }] : []);
	figure(`peak RSS with ${count} waiting and in flight`, 'MB', ours?.peak_mb, of_all(others, 'peak_mb'), [{ of: 'itself', at_most: 32, first: 64 }]);
	ledger_figure('burst', ours);
}

export async function late() {
	const seconds = +(process.env.LATE_S || (QUICK ? 5 : 20)), plan = { count: 200 * seconds, lead_ms: 5000, step_ms: 5 };
	const results = {};
	for (const name of [...PEERS, ...RIGS ? ['mini_dispatch'] : [], ...CARILLON ? ['carillon'] : []])
		results[name] = await repeated(`${name} late`, 'p99', () => deliveries(name, 'late', plan));
	const { carillon: ours, ...others } = results;
	figure('lateness at 200/s, p50', 'ms', ours?.p50, of_all(others, 'p50'), [{ of: 'itself', at_most: 0.3, first: 1 }], { run: ours, others });
	figure('lateness at 200/s, p99', 'ms', ours?.p99, of_all(others, 'p99'), [{ of: 'itself', at_most: 1, first: 5 }]);
	ledger_figure('late', ours);
}
