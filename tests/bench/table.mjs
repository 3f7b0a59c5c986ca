// Phases million, lists and cron: does it stay quick when there is much of everything?
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { api, BIN, carillon, CARILLON, HERE, median, metrics, peak_mb, peer_script, PORT, QUICK, quiet, run, sink, SINK, sleep, sql,
	stop, url, wrk } from './lib.mjs';
import { figure, zero } from './report.mjs';

const API = `http://127.0.0.1:${PORT.api}`;
const template = { target: `${SINK}/hook`, payload: { order: 12345 } };

// --- a million schedules -----------------------------------------------------------------------------------------

// Each fires once a minute, at its own second.
async function create_minutely(count) {
	let left = count;
	await Promise.all(Array.from({ length: 16 }, async () => {
		while (left-- > 0)
			await api('POST', '/v1/schedules', { cron: `${left % 60} * * * * *`, timezone: 'UTC', task_template: template });
	}));
}

// The bucket's upper edge under which a share of what came lies, in ms; interpolated within the bucket.
function quantile_ms(from, to, name, share) {
	const buckets = Object.keys(to).filter(key => key.startsWith(`${name}_bucket`))
		.map(key => ({ edge: parseFloat(/le="([^"]+)"/.exec(key)[1].replace('+Inf', 'Infinity')), count: to[key] - (from[key] || 0) }))
		.sort((a, b) => a.edge - b.edge);
	const all = buckets.at(-1)?.count, at = buckets.findIndex(each => each.count >= all * share);
	if (!all || at < 0)
		return null;
	const low = at ? buckets[at - 1] : { edge: 0, count: 0 }, high = Number.isFinite(buckets[at].edge) ? buckets[at].edge : low.edge;
	return 1e3 * (low.edge + (high - low.edge) * (all * share - low.count) / Math.max(1, buckets[at].count - low.count));
}

async function observe(seconds) {
	await quiet();
	await sink.reset();
	const from = await metrics();
	await sleep(seconds * 1e3);
	const to = await metrics(), mean = name => 1e3 * (to[`${name}_sum`] - from[`${name}_sum`]) / Math.max(1, to[`${name}_count`] - from[`${name}_count`]);
	return { tick_ms: mean('carillon_tick_seconds'), late_ms: mean('carillon_run_lateness_seconds'),
		p50_ms: quantile_ms(from, to, 'carillon_run_lateness_seconds', 0.5), p99_ms: quantile_ms(from, to, 'carillon_run_lateness_seconds', 0.99),
		ticks: to.carillon_tick_seconds_count - from.carillon_tick_seconds_count, delivered: (await sink.stats()).count };
}

async function fill_up(count) {
	const month = String((new Date().getUTCMonth() + 6) % 12 + 1);
	for (let made = 0; made < count;) {
		const result = await wrk('create_rare.lua', `${API}/v1/schedules`, { seconds: Math.min(20, Math.max(1, Math.ceil((count - made) / 25000))), env: { CRON_MONTH: month } });
		if (result.errors)
			throw new Error(`${result.errors} creates failed`);
		made += result.requests;
		console.error(`  ${made} schedules more (${result.per_s}/s)`);
	}
	for (const table of ['schedule', 'template', 'schedule_total'])
		sql('carillon', `vacuum analyze ${table}`); // what autovacuum would else do while we watch
	sql('postgres', 'checkpoint');
}

export async function million() {
	if (!CARILLON)
		return;
	const count = +(process.env.MILLION || (QUICK ? 50000 : 1000000)), seconds = +(process.env.WATCH_S || (QUICK ? 15 : 60));
	const server = await carillon();
	try {
		await create_minutely(1000);
		await sleep(8000); // the first minutes' tasks are created ahead
		const few = await observe(seconds);
		await fill_up(count - 1000);
		const many = await observe(seconds), same = (key, bar) => [{ of: '1,000 schedules', than: few[key], at_most: 1.5, first: 1.5, ...bar }];
		const total = (await api('GET', '/v1/schedules?limit=1')).total;
		const size = `with ${total.toLocaleString('en')} schedules`;
		figure(`tick ${size}`, 'ms', many.tick_ms, { '1,000': few.tick_ms }, same('tick_ms'), { few, many });
		figure(`lateness p50 ${size}`, 'ms', many.p50_ms, { '1,000': few.p50_ms }, same('p50_ms'));
		figure(`lateness p99 ${size}`, 'ms', many.p99_ms, { '1,000': few.p99_ms }, same('p99_ms'));
		figure(`peak RSS ${size}`, 'MB', peak_mb(server.pid), {}, [{ of: 'itself', at_most: 150, first: 150 }]);
	} finally {
		await stop(server);
	}
}

// --- lists over a long history -----------------------------------------------------------------------------------

async function timed(where, times = 60) {
	const took = [];
	let answer;
	for (let i = 0; i < times + 5; i++) {
		const began = performance.now();
		answer = await api('GET', where);
		if (i >= 5)
			took.push(performance.now() - began);
	}
	took.sort((a, b) => a - b);
	return { p50: median(took), worst: took.at(-2), total: answer.total };
}

export async function lists() {
	if (!CARILLON)
		return;
	const count = +(process.env.HISTORY || (QUICK ? 100000 : 1000000)), server = await carillon();
	try {
		const { id } = await api('POST', '/v1/schedules', { cron: '0 9 1 1 *', timezone: 'UTC', task_template: template });
		execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-v', `count=${count}`, '-f', path.join(HERE, 'seeds', 'history.sql'), url('carillon')],
			{ stdio: ['ignore', 'ignore', 'inherit'] });
		await quiet();
		const bars = [{ of: 'itself', at_most: 20, first: 20 }], size = `with ${count.toLocaleString('en')} finished tasks`;
		for (const where of [`/v1/schedules/${id}/tasks`, `/v1/schedules/${id}/tasks?status=completed&limit=10`, '/v1/tasks', '/v1/tasks?status=completed', '/v1/tasks?status=queued', `/v1/schedules/${id}`]) {
			const result = await timed(where), name = where.replace(id, '{id}');
			figure(`GET ${name} ${size}`, 'ms, the slowest but one of 60', result.worst, { p50: result.p50, total: result.total }, bars, { result });
			if (where.includes('/tasks') && !where.includes('queued'))
				figure(`total of ${name}, off by`, 'tasks', Math.abs(result.total - count), {}, [zero('must be')]);
		}
		const far = Math.min(count - 100, 9900), deep = await timed(`/v1/schedules/${id}/tasks?offset=${far}`, 5);
		figure(`GET /v1/schedules/{id}/tasks?offset=${far}`, 'ms', deep.worst, { p50: deep.p50 }, []);
	} finally {
		await stop(server);
	}
}

// --- the next occurrence -------------------------------------------------------------------------------------------

// Marks in ns (million_: ms). The first one that fits counts.
const CRON_MARKS = [[/^next_seq_/, 50], [/^next_random_/, 120], [/^worst_/, 3000], [/^preview_100_/, 10000], [/^parse_(stars|simple|daily)$/, 300],
	[/^parse_never/, 20000], [/^rrule_.*yearly/, 1000], [/^rrule_.*_(daily|weekly|monthly)$/, 200], [/^million_recomputed$/, 500]];
const TIMES_CRONER = 200; // PERFORMANCE.md: so many times as quick as croner
const objects = text => text.split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line));

// What the libraries answered in UTC, beside ours: any difference is one too many.
function compare_answers(ours, peers) {
	for (const { name, sum } of ours.filter(each => each.sum !== undefined)) {
		const others = peers.filter(each => each.name === name);
		if (others.length)
			figure(`cron ${name}, unlike ours`, 'libraries', others.filter(each => each.sum !== sum).length,
				Object.fromEntries(others.map(each => [each.lib, each.sum - sum])), [zero('must be')]);
	}
}

export async function cron() {
	const program = [path.join(process.env.BUILD_DIR || '', 't_bench'), path.join(BIN, 'bench_when')].find(each => fs.existsSync(each));
	const ours = program ? objects(await run(program, [], { all: true })) : [];
	const peers = fs.existsSync(peer_script('cron.mjs')[0]) && process.env.BENCH_PEERS !== '0' ?
		objects(await run(process.env.NODE, peer_script('cron.mjs'), { all: true })) : [];
	const names = [...new Set([...ours, ...peers].filter(each => each.sum === undefined).map(each => each.name))];
	for (const name of names) {
		const own = ours.find(each => each.name === name);
		const beside = Object.fromEntries(peers.filter(each => each.name === name).map(each => [each.lib, each.ns]));
		const mark = CRON_MARKS.find(([pattern]) => pattern.test(name))?.[1], bars = mark ? [{ of: 'itself', at_most: mark, first: 2 * mark }] : [];
		if (name.startsWith('next_'))
			bars.push(...Object.entries(beside).map(([of, than]) => ({ of, than, at_most: 1 / TIMES_CRONER, first: 2 / TIMES_CRONER })));
		else
			bars.push(...Object.entries(beside).map(([of, than]) => ({ of, than, at_most: 1, first: 1 })));
		figure(`cron ${name}`, own?.ms === undefined ? 'ns' : 'ms', own?.ns ?? own?.ms, beside, bars);
	}
	compare_answers(ours, peers);
}
