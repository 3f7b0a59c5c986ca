// front.mjs PEER PORT: the least REST front that a user would put before a peer: JSON in, 201 out once it is durable.
import http from 'node:http';
import { peers } from './peers.mjs';

const [name, port] = process.argv.slice(2);
await peers[name].reset();
const producer = await peers[name].producer();
let count = 0;

async function create(text) {
	const { target, payload } = JSON.parse(text);
	if (typeof target !== 'string')
		throw new Error('target');
	const id = `job_${++count}`;
	await producer.one({ bench_id: id, target, ...payload }, Date.now() + 3600e3);
	return JSON.stringify({ id, target, status: 'queued' });
}

http.createServer((request, response) => {
	let text = '';
	request.setEncoding('utf8');
	request.on('data', part => text += part);
	request.on('end', () => create(text).then(
		body => response.writeHead(201, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body),
		error => response.writeHead(500).end(error.message)));
}).listen(+port, '127.0.0.1', () => console.log('ready'));
