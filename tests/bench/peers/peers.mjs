// The peers, each behind the same five functions. run.sh copies this folder beside its node_modules.
//   reset()      an empty queue          producer()   {one(job, due), many(jobs, dues), close()}
//   worker(post) starts delivering       left()       jobs not completed yet
// Settings: the best of those that a sweep over each peer's own options found (README.md).
import pg from 'pg';

const url = process.env.DATABASE_URL;
const PRODUCER_CONNECTIONS = 32;

async function sql(text, values) {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		return await client.query(text, values);
	} finally {
		await client.end();
	}
}

const graphile = {
	burst: { concurrentJobs: 128, maxPoolSize: 20, localQueue: { size: 1000 }, completeJobBatchDelay: 20, failJobBatchDelay: 20 },
	late: { concurrentJobs: 64, maxPoolSize: 20, pollInterval: 20, localQueue: { size: 64 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 },

	async load() {
		const module = await import('graphile-worker');
		this.logger = new module.Logger(() => (level, text) => level === 'error' && console.error(text));
		return module;
	},
	async reset() {
		const { runMigrations } = await this.load();
		await sql('drop schema if exists graphile_worker cascade');
		await runMigrations({ connectionString: url, logger: this.logger });
	},
	async producer() {
		const { makeWorkerUtils } = await this.load();
		const utils = await makeWorkerUtils({ connectionString: url, maxPoolSize: PRODUCER_CONNECTIONS, logger: this.logger });
		return {
			one: (job, due) => utils.addJob('post', job, { runAt: new Date(due), maxAttempts: 5 }),
			many: (jobs, dues) => utils.addJobs(jobs.map((payload, i) => ({ identifier: 'post', payload, runAt: new Date(dues[i]), maxAttempts: 5 }))),
			close: () => utils.release(),
		};
	},
	async worker(post, kind) {
		const { run } = await this.load();
		return run({
			preset: { worker: { connectionString: url, logger: this.logger, ...this[kind] } },
			logger: this.logger, noHandleSignals: true, taskList: { post },
		});
	},
	left: async () => (await sql('select count(*)::int as n from graphile_worker._private_jobs')).rows[0].n,
};

const pgboss = {
	burst: { batchSize: 500, localConcurrency: 2, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true },
	late: { batchSize: 500, localConcurrency: 2, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true },

	async start(max, more) {
		const { PgBoss } = await import('pg-boss');
		const boss = new PgBoss({ connectionString: url, max, schedule: false, ...more });
		boss.on('error', error => console.error('pg-boss', error.message));
		await boss.start();
		return boss;
	},
	async reset() {
		await sql('drop schema if exists pgboss cascade');
		const boss = await this.start(2);
		await boss.createQueue('post', { retryLimit: 5 });
		await boss.stop({ graceful: false });
	},
	async producer() {
		const boss = await this.start(PRODUCER_CONNECTIONS, { supervise: false });
		return {
			one: (job, due) => boss.send('post', job, { startAfter: new Date(due) }),
			many: (jobs, dues) => boss.insert('post', jobs.map((data, i) => ({ data, startAfter: new Date(dues[i]) }))),
			close: () => boss.stop({ graceful: false }),
		};
	},
	async worker(post, kind) {
		const boss = await this.start(20);
		await boss.work('post', this[kind], jobs => Promise.all(jobs.map(job => post(job.data))));
		return { stop: () => boss.stop({ graceful: true, timeout: 3000 }) };
	},
	left: async () => (await sql("select count(*)::int as n from pgboss.job where name = 'post' and state < 'completed'")).rows[0].n,
};

export const peers = { graphile, pgboss };
