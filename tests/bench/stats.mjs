// Phase stats: does every statistic come at once, however many runs there were?
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { api, carillon, CARILLON, HERE, median, QUICK, quiet, SINK, stop, url } from './lib.mjs';
import { figure } from './report.mjs';

const JOBS = 50, TIMES = 20;

async function create_jobs() {
	await api('POST', '/api/agents', { id: 'bench', endpoint: { url: `${SINK}/hook` } });
	for (let i = 0; i < JOBS; i++)
		await api('POST', '/api/scheduler/jobs', { name: `job ${i}`, goal: 'nothing', agent_id: 'bench',
			schedule: i % 5 ? { type: 'cron', expression: `0 ${i % 24} 1 1 *`, timezone: 'Europe/Berlin' } : { type: 'at', datetime: '2100-01-01T00:00:00Z' } });
	// The calendar plans ahead as well: the job with most runs is also the densest one to come.
	return (await api('POST', '/api/scheduler/jobs', { name: 'dense', goal: 'nothing', agent_id: 'bench',
		schedule: { type: 'cron', expression: '* * * * *', timezone: 'Europe/Berlin' } })).id;
}

async function timed(where) {
	const took = [];
	for (let i = 0; i < TIMES + 3; i++) {
		const began = performance.now();
		await api('GET', where);
		if (i >= 3)
			took.push(performance.now() - began);
	}
	took.sort((a, b) => a - b);
	return { median: median(took), worst: took.at(-1) };
}

export async function stats() {
	if (!CARILLON)
		return;
	const count = +(process.env.HISTORY || (QUICK ? 100000 : 1000000)), server = await carillon();
	try {
		const id = await create_jobs();
		execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-v', `count=${count}`, '-f', path.join(HERE, 'seeds', 'stats.sql'), url('carillon')],
			{ stdio: ['ignore', 'ignore', 'inherit'] });
		await quiet();
		const bars = [{ of: 'itself', at_most: 20, first: 20 }], size = `with ${count.toLocaleString('en')} runs`;
		const day = days => new Date(Date.now() + days * 864e5).toISOString().slice(0, 10);
		for (const where of ['stats', 'stats?timezone=Europe/Berlin', 'status', `jobs/${id}/stats`, 'smart/heatmap?weeks=12', 'smart/suggestions',
			`calendar-data?from=${day(-20)}&to=${day(20)}&timezone=Europe/Berlin`, `calendar-data?from=${day(-20)}&to=${day(20)}&job_id=${id}`]) {
			const result = await timed(`/api/scheduler/${where}`), name = where.replace(id, '{id}').replace(/from=.*?&to=[^&]*/, '40 days');
			figure(`GET /api/scheduler/${name} ${size}`, `ms, median of ${TIMES}`, result.median, { worst: result.worst }, bars, { result });
		}
	} finally {
		await stop(server);
	}
}
