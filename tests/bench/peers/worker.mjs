// worker.mjs PEER burst|late SINK: one worker process of a peer; each job is one POST over kept connections.
import { Pool } from 'undici';
import { peers } from './peers.mjs';

const [name, kind, sink] = process.argv.slice(2);
const pool = new Pool(sink, { connections: 128, pipelining: 1, keepAliveTimeout: 60000 });
const headers = { 'content-type': 'application/json' };

async function post(job) {
	const answer = await pool.request({ path: '/hook', method: 'POST', headers, body: JSON.stringify(job) });
	await answer.body.dump();
	if (answer.statusCode >= 300)
		throw new Error(`status ${answer.statusCode}`);
}

const worker = await peers[name].worker(post, kind);
console.log('ready');
process.on('SIGTERM', async () => {
	setTimeout(() => process.exit(0), 4000).unref();
	await worker.stop();
	process.exit(0);
});
