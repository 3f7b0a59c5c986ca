// What every phase of the benchmark uses: settings, processes and their CPU, a quiet machine, medians, wrk, the sink.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const env = process.env;
export const HERE = path.dirname(fileURLToPath(import.meta.url));
export const BIN = env.BENCH_BIN, CACHE = env.BENCH_CACHE, OUT = env.BENCH_OUT;
export const LOAD = path.join(HERE, '..', 'load');
export const QUICK = env.BENCH_QUICK === '1';
export const RUNS = +(env.RUNS || (QUICK ? 1 : 3));
export const SECONDS = +(env.SECONDS_EACH || (QUICK ? 2 : 5));
export const PEERS = QUICK || env.BENCH_PEERS === '0' ? [] : ['pgboss', 'graphile'];
export const RIGS = env.BENCH_RIGS || '';
export const KEY = 'bench-key-0123456789abcdef0123456789abcdef';
export const PORT = { sink: +env.BENCH_SINK_PORT, api: +env.BENCH_API_PORT };
export const SINK = `http://127.0.0.1:${PORT.sink}`;
export const CARILLON = fs.existsSync(env.CARILLON_BIN || '') ? env.CARILLON_BIN : '';
const CLEAN = 0.2; // cores that others may use during a run that counts as clean
const TICK = 100;  // CPU ticks a second in /proc

export const sleep = ms => new Promise(done => setTimeout(done, Math.max(0, ms)));
export const median = list => {
	const sorted = [...list].sort((a, b) => a - b), half = sorted.length >> 1;
	return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

// --- processes -----------------------------------------------------------------------------------------------

const children = new Set();
process.on('exit', () => children.forEach(child => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM'])
	process.on(signal, () => process.exit(130));

// Without what is meant for this suite: the server refuses CARILLON_ names that it does not know.
const plain_env = Object.fromEntries(Object.entries(env).filter(([name]) => !/^(CARILLON_|PG|DATABASE_URL)/.test(name)));

// Starts a program and waits until it prints a line with `ready`; its standard error goes to a log.
export function start(name, command, args, more = {}) {
	const log = fs.openSync(path.join(OUT, `${name}.log`), 'a');
	const child = spawn(command, args, { stdio: ['ignore', 'pipe', log], env: { ...plain_env, ...more.env } });
	children.add(child);
	let text = '';
	return new Promise((done, failed) => {
		const late = setTimeout(() => failed(new Error(`${name} is not ready after 30 s`)), 30e3);
		child.on('error', failed);
		child.on('exit', code => { children.delete(child); failed(new Error(`${name} ended with ${code}; see ${OUT}/${name}.log`)); });
		child.stdout.on('data', part => {
			text += part;
			if (text.includes('ready')) {
				clearTimeout(late);
				done(Object.assign(child, { said: text }));
			}
		});
	});
}

export async function stop(child) {
	if (!child || child.exitCode !== null || child.signalCode)
		return;
	const ended = new Promise(done => child.on('exit', done));
	child.kill('SIGTERM');
	await Promise.race([ended, sleep(8000).then(() => child.kill('SIGKILL'))]);
	await ended;
}

// Runs a program to its end; its last line that is JSON.
export function run(command, args, more = {}) {
	return new Promise((done, failed) => {
		const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...plain_env, ...more.env } });
		let text = '';
		children.add(child);
		child.on('error', failed);
		child.stdout.on('data', part => text += part);
		child.on('close', code => {
			children.delete(child);
			const line = text.trim().split('\n').filter(each => each.startsWith('{')).pop();
			if (code || !line)
				failed(new Error(`${command} ${args[0] ?? ''} ended with ${code}: ${text.slice(-300)}`));
			else
				done(more.all ? text : JSON.parse(line));
		});
	});
}

// --- CPU and memory ------------------------------------------------------------------------------------------

function stat(pid) {
	try {
		const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8'), at = text.lastIndexOf(')'), field = text.slice(at + 2).split(' ');
		return { parent: +field[1], own: +field[11] + +field[12], reaped: +field[13] + +field[14] };
	} catch {
		return null;
	}
}

const postmaster = () => {
	try {
		return +fs.readFileSync(`${env.PG_FOLDER}/data/postmaster.pid`, 'utf8').split('\n')[0];
	} catch {
		return -1;
	}
};

// CPU seconds so far of the trees under these processes, of PostgreSQL and of the whole machine.
export function cpu(groups = {}) {
	const roots = new Map([[postmaster(), 'postgres'], [process.pid, 'bench'], ...Object.entries(groups).map(([name, pid]) => [pid, name])]);
	const all = new Map(), sum = { at: performance.now() };
	for (const pid of fs.readdirSync('/proc'))
		if (/^\d+$/.test(pid) && stat(pid))
			all.set(+pid, stat(pid));
	for (const [pid, each] of all) {
		let at = pid, known = all.get(pid);
		while (known && !roots.has(at)) {
			at = known.parent;
			known = all.get(at);
		}
		if (known && each)
			sum[roots.get(at)] = (sum[roots.get(at)] || 0) + (each.own + each.reaped) / TICK;
	}
	const total = fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/).slice(1).map(Number);
	sum.machine = (total[0] + total[1] + total[2] + total[5] + total[6] + total[7]) / TICK;
	return sum;
}

// The difference, and how many cores others used meanwhile.
export function spent(from, to) {
	const wall = (to.at - from.at) / 1e3, used = { wall };
	for (const name of Object.keys(to))
		if (name !== 'at')
			used[name] = +((to[name] || 0) - (from[name] || 0)).toFixed(3);
	const ours = Object.entries(used).reduce((all, [name, seconds]) => name === 'machine' || name === 'wall' ? all : all + seconds, 0);
	used.other = +(Math.max(0, used.machine - ours) / wall).toFixed(2);
	return used;
}

export function peak_mb(pid) {
	try {
		return +(+/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1] / 1024).toFixed(1);
	} catch {
		return null;
	}
}

// Waits until nobody else uses the machine; at most BENCH_QUIET_S seconds.
export async function quiet() {
	const end = Date.now() + +(env.BENCH_QUIET_S || (QUICK ? 3 : 30)) * 1e3;
	for (;;) {
		const before = cpu();
		await sleep(400);
		if (spent(before, cpu()).other < 0.15 || Date.now() > end)
			return;
	}
}

// `action` RUNS times on a quiet machine, up to two times more when others disturbed it; the cleanest runs count.
// Returns the run whose `key` is the median, with `all` values of it.
export async function repeated(name, key, action) {
	const runs = [];
	while (runs.length < RUNS + (QUICK ? 0 : 2) && runs.filter(each => (each.other ?? 0) < CLEAN).length < RUNS) {
		await quiet();
		try {
			runs.push(await action());
		} catch (error) {
			console.error(`  ${name}: ${error.message}`);
			return null;
		}
		console.error(`  ${name}: ${key} ${runs.at(-1)[key]} (others used ${runs.at(-1).other ?? 0} core)`);
	}
	const best = runs.sort((a, b) => (a.other ?? 0) - (b.other ?? 0)).slice(0, RUNS), middle = median(best.map(each => each[key]));
	const chosen = best.reduce((a, b) => Math.abs(b[key] - middle) < Math.abs(a[key] - middle) ? b : a);
	return { ...chosen, [key]: middle, all: best.map(each => each[key]), disturbed: best.filter(each => (each.other ?? 0) >= CLEAN).length };
}

// --- the database --------------------------------------------------------------------------------------------

export const url = name => env.PG_URL.replace('%s', name);
export const sql = (database, text) => execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', text, url(database)],
	{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 }).trim();

export function fresh(name) {
	sql('postgres', `drop database if exists ${name} with (force)`);
	sql('postgres', `create database ${name}`);
	sql('postgres', 'checkpoint');
	return url(name);
}

// --- the subjects --------------------------------------------------------------------------------------------

export async function carillon(more = {}) {
	const database = more.keep ? url('carillon') : fresh('carillon');
	const child = await start('carillon', CARILLON, ['serve'], { env: {
		DATABASE_URL: database, CARILLON_LISTEN: `127.0.0.1:${PORT.api}`, CARILLON_API_KEY: KEY, CARILLON_LOG: 'json',
		CARILLON_ALLOW_PRIVATE_TARGETS: '1', CARILLON_REQUEST_RATE: '0', CARILLON_LOG_LEVEL: 'warn', ...more.env } });
	return Object.assign(child, { base: `http://127.0.0.1:${PORT.api}` });
}

export async function api(method, where, body) {
	const answer = await fetch(`http://127.0.0.1:${PORT.api}${where}`, {
		method, body: body && JSON.stringify(body), headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' } });
	const text = await answer.text();
	if (!answer.ok)
		throw new Error(`${method} ${where}: ${answer.status} ${text.slice(0, 300)}`);
	return JSON.parse(text);
}

// Sums and counts of Carillon's metrics: {name: value}.
export async function metrics() {
	const text = await (await fetch(`http://127.0.0.1:${PORT.api}/metrics`)).text();
	return Object.fromEntries(text.split('\n').filter(line => line && line[0] !== '#').map(line => {
		const at = line.lastIndexOf(' ');
		return [line.slice(0, at), +line.slice(at + 1)];
	}));
}

export const peer_env = () => ({ DATABASE_URL: url('peer') });
export const peer_script = (script, ...args) => [path.join(CACHE, 'peers', script), ...args];
export const peer = (script, ...args) => run(env.NODE, peer_script(script, ...args.map(String)), { env: peer_env() });

export const wrk = (script, base, more = {}) => run('wrk',
	[`-t1`, `-c${more.at_once || 64}`, `-d${more.seconds || SECONDS}s`, '--timeout', '10s', '-s', path.join(LOAD, script), base],
	{ env: { CARILLON_KEY: KEY, TARGET: `${SINK}/hook`, ...more.env } });

export const sink = {
	reset: () => fetch(`${SINK}/reset`).then(answer => answer.text()),
	stats: () => fetch(`${SINK}/stats`).then(answer => answer.json()),
	// Until `count` distinct jobs came, or `limit_ms` passed.
	async until(count, limit_ms) {
		const end = Date.now() + limit_ms;
		for (;;) {
			const stats = await this.stats();
			if (stats.distinct >= count || Date.now() > end)
				return stats;
			await sleep(100);
		}
	},
};

// What a run of deliveries lost and did twice, for the phases that deliver.
export const ledger = (stats, count) => ({ lost: count - stats.distinct, duplicates: stats.duplicates });
