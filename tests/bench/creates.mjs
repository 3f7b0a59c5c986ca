// Phases creates, bulk and get: what the API answers in a second, each answer given only when it is durable.
import fs from 'node:fs';
import path from 'node:path';
import { api, BIN, carillon, CARILLON, cpu, fresh, OUT, peer, peer_env, peer_script, PEERS, PORT, QUICK, quiet, repeated,
	RIGS, spent, sql, start, stop, wrk } from './lib.mjs';
import { figure } from './report.mjs';

const API = `http://127.0.0.1:${PORT.api}`;
const node = process.env.NODE;
const SHARED_BODY = JSON.stringify({ name: 'nightly report', url: `http://127.0.0.1:${PORT.sink}/hook`, cron: '0 9 * * *',
	timezone: 'America/New_York', payload: { bench_id: 'x', order: { id: 12345, total: 99.5 }, note: 'please ship before noon, ring twice' } });

// One loaded second to warm it up, then the measured ones.
async function loaded(child, script, base, more = {}) {
	try {
		const warm = await wrk(script, base, { ...more, seconds: 1 });
		await quiet();
		const before = cpu({ server: child.pid }), result = await wrk(script, base, more);
		if (result.errors)
			throw new Error(`${result.errors} requests failed`);
		const used = spent(before, cpu({ server: child.pid }));
		await more.verify?.(warm.requests + result.requests);
		return { ...result, ...used };
	} finally {
		await stop(child);
	}
}

// Every answer was given for something that is stored: no fewer objects than answers.
const stored = (noun, each = 1) => async requests => {
	const { total } = await api('GET', `/v1/${noun}?limit=1`);
	if (total < requests * each)
		throw new Error(`${requests * each} ${noun} were answered 201, ${total} are stored`);
};

const starts = {
	carillon: () => carillon(),
	pgboss: () => fresh('peer') && start('pgboss', node, peer_script('front.mjs', 'pgboss', PORT.api), { env: peer_env() }),
	graphile: () => fresh('peer') && start('graphile', node, peer_script('front.mjs', 'graphile', PORT.api), { env: peer_env() }),
	rig: () => start('create_rig', path.join(BIN, 'create_rig'), [PORT.api, fresh('rig')].map(String)),
	// The shared rig looks for libpq's own variables.
	async mini_api() {
		fresh('mini');
		const folder = path.join(process.env.PG_FOLDER, 'sock'), more = { PGHOST: folder, PGUSER: 'postgres', PGDATABASE: 'mini' };
		sql('mini', fs.readFileSync(path.join(RIGS, 'limits', 'schema.sql'), 'utf8'));
		return start('mini_api', path.join(BIN, 'mini_api'), [String(PORT.api)], { env: more });
	},
};

const measure = (name, script, where, more) => repeated(name, 'per_s',
	async () => loaded(await starts[name.split(' ')[0]](), script, API + where, more));

const shared_rig = () => RIGS ? measure('mini_api', 'create_task.lua', '/v1/schedules', { env: { LOAD_BODY: SHARED_BODY } }) : null;

export async function creates() {
	const beside = {};
	for (const name of PEERS)
		beside[name] = (await measure(name, 'create_task.lua', '/'))?.per_s;
	beside.create_rig = (await measure('rig', 'create_schedule.lua', '/v1/schedules'))?.per_s;
	beside.mini_api = (await shared_rig())?.per_s;
	for (const noun of ['schedule', 'task']) {
		const ours = CARILLON ? await measure(`carillon ${noun}s`, `create_${noun}.lua`, `/v1/${noun}s`, { verify: stored(`${noun}s`) }) : null;
		figure(`durable creates/s, POST /v1/${noun}s`, 'requests/s', ours?.per_s, beside, [
			...PEERS.map(name => ({ of: name, than: beside[name], at_least: 10, first: 6 })),
			{ of: RIGS ? 'mini_api' : 'create_rig', than: RIGS ? beside.mini_api : beside.create_rig, at_least: 0.8, first: 0.5 },
		], { run: ours });
	}
}

export async function bulk() {
	const ROWS = QUICK ? 20000 : 50000;
	const beside = {};
	for (const name of PEERS)
		beside[name] = (await repeated(`${name} bulk`, 'rows_s', async () => {
			fresh('peer');
			await peer('fill.mjs', name, 'reset');
			const before = cpu(), result = await peer('fill.mjs', name, 'jobs', ROWS, Date.now() + 3600e3, 0);
			return { ...result, ...spent(before, cpu()) };
		}))?.rows_s;
	const ours = CARILLON ? await repeated('carillon bulk', 'rows_s', async () => {
		const result = await loaded(await carillon(), 'create_array.lua', `${API}/v1/tasks`, { at_once: 2, verify: stored('tasks', 1000) });
		return { ...result, rows_s: Math.round(result.per_s * 1000) };
	}) : null;
	figure('array body, POST /v1/tasks with 1,000 tasks', 'rows/s', ours?.rows_s, beside,
		PEERS.filter(name => name === 'graphile').map(name => ({ of: name, than: beside[name], at_least: 1, first: 0.5 })), { run: ours });
}

// Ids to read, as paths in a file.
async function some_paths(kind, count) {
	const file = path.join(OUT, `${kind}.paths`), ids = [];
	const one = { cron: '0 9 * * *', timezone: 'America/New_York', task_template: { target: `http://127.0.0.1:${PORT.sink}/hook`, payload: { a: 1 } } };
	if (kind === 'schedules') {
		await Promise.all(Array.from({ length: 16 }, async () => {
			while (ids.length < count)
				ids.push((await api('POST', '/v1/schedules', one)).id);
		}));
	} else {
		for (let i = 0; i < count; i += 1000)
			ids.push(...(await api('POST', '/v1/tasks', Array(1000).fill({ ...one.task_template, execute_after: 'PT1H' }))).map(task => task.id));
	}
	fs.writeFileSync(file, ids.map(id => `/v1/${kind}/${id}`).join('\n') + '\n');
	return file;
}

export async function get() {
	const empty = await repeated('null_evhttp', 'per_s', async () =>
		loaded(await start('null_evhttp', path.join(BIN, 'null_evhttp'), [String(PORT.api)]), 'list.lua', `${API}/x`));
	for (const kind of ['schedules', 'tasks']) {
		const ours = CARILLON ? await repeated(`carillon get ${kind}`, 'per_s', async () => {
			const server = await carillon(), file = await some_paths(kind, kind === 'tasks' ? 10000 : 2000);
			return loaded(server, 'get.lua', API, { env: { PATHS: file } });
		}) : null;
		figure(`GET /v1/${kind}/{id} a second`, 'requests/s', ours?.per_s, { null_evhttp: empty?.per_s },
			[{ of: 'null_evhttp', than: empty?.per_s, at_least: 0.6, first: 0.4 }], { run: ours });
	}
}
